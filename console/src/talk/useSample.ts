import { useCallback, useEffect, useRef, useState } from "react";
import { getVoiceSample } from "../api/catalog";
import { ApiError } from "../api/error";
import { useApi } from "../api/useApi";

export interface SampleControls {
  /** The voice that is being fetched or heard. */
  playing: string | null;
  problem: { id: string; error: ApiError } | null;
  /** Plays a voice in place of another, or stops it. */
  toggle(voiceId: string): void;
}

/** One voice's sample at a time. Its sound is decoded here: no address carries the credential. */
export function useSample(languageId: string): SampleControls {
  const api = useApi();
  const [playing, setPlaying] = useState<string | null>(null);
  const [problem, setProblem] = useState<SampleControls["problem"]>(null);
  const current = useRef<AbortController | null>(null);

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setPlaying(null);
  }, []);

  useEffect(() => stop, [stop]);

  const play = useCallback(
    async (id: string) => {
      stop();
      const stopped = new AbortController();
      current.current = stopped;
      setProblem(null);
      setPlaying(id);
      try {
        const sample = await getVoiceSample(api, id, languageId);
        if (!stopped.signal.aborted) await heard(await sample.arrayBuffer(), stopped.signal);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!stopped.signal.aborted) setProblem({ id, error });
      }
      if (!stopped.signal.aborted) setPlaying(null);
    },
    [api, languageId, stop],
  );

  const toggle = (id: string) => (playing === id ? stop() : void play(id));
  return { playing, problem, toggle };
}

/** Until the sound has been heard, or `stopped` ends it. */
async function heard(file: ArrayBuffer, stopped: AbortSignal): Promise<void> {
  const context = new AudioContext();
  try {
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(file);
    source.connect(context.destination);
    await new Promise<unknown>((resolve) => {
      source.onended = resolve;
      stopped.addEventListener("abort", resolve);
      source.start();
    });
  } finally {
    await context.close();
  }
}
