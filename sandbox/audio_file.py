"""An uploaded audio file of any kind -> PCM16 samples."""

import io

import av
import av.error
import numpy as np

from sandbox.pcm import AudioError, read_wav, resample
from sandbox.ports import Samples


def decode_file(data: bytes, rate_hz: int) -> Samples:
    """WAV by ourselves, everything else through FFmpeg. Raises AudioError."""
    if data[:4] == b"RIFF":
        samples, wav_rate_hz = read_wav(data)
        return resample(samples, wav_rate_hz, rate_hz)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
    parts: list[Samples] = []
    try:
        with av.open(io.BytesIO(data), "r") as container:
            for frame in container.decode(audio=0):
                parts += [part.to_ndarray()[0] for part in resampler.resample(frame)]
        parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    except (av.error.FFmpegError, IndexError) as exc:
        raise AudioError("the file holds no audio that can be read") from exc
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)
