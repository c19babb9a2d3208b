"""How loud sound is, slice by slice."""

import numpy as np
from numpy.typing import NDArray

Loudness = NDArray[np.float32]


def loudness(pcm: bytes, slice_samples: int) -> Loudness:
    """RMS of each slice of 16-bit mono sound; a part of a slice at the end is left out."""
    n_slices = len(pcm) // 2 // slice_samples
    samples = np.frombuffer(pcm, dtype="<i2", count=n_slices * slice_samples).astype(np.float32)
    samples *= samples
    # `np.mean` comes to the same; what it weighs in Python first takes as long again.
    powers = np.add.reduce(samples.reshape(-1, slice_samples), axis=1) / np.float32(slice_samples)
    return np.asarray(np.sqrt(powers), np.float32)
