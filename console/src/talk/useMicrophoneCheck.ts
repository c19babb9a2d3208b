import { useCallback, useEffect, useRef, useState } from "react";
import { type MicrophoneProblem, microphoneProblem } from "./microphoneProblem";

export type CheckState = "off" | "asking" | "quiet" | "heard" | MicrophoneProblem;

export interface MicrophoneCheck {
  state: CheckState;
  /** Its style gets `--level`, 0 to 1, many times a second. */
  meter: (element: HTMLElement | null) => void;
  toggle(): void;
}

/** Louder than a quiet room, in the share of full scale that speech reaches. */
const HEARD = 0.03;
/** Speech seldom comes above a quarter of full scale; the meter is full there. */
const FULL = 0.25;

/** Opens a microphone before a call, to see whether it hears; let go of when not shown any more. */
export function useMicrophoneCheck(microphoneId: string): MicrophoneCheck {
  const [on, setOn] = useState(false);
  const [state, setState] = useState<CheckState>("off");
  const meterElement = useRef<HTMLElement | null>(null);
  const meter = useCallback((element: HTMLElement | null) => {
    meterElement.current = element;
  }, []);

  useEffect(() => {
    if (!on) return setState("off");
    if (!window.isSecureContext) return setState("insecure");
    const stopped = new AbortController();
    setState("asking");
    listen(microphoneId, stopped.signal, (level) => {
      meterElement.current?.style.setProperty("--level", String(Math.min(1, level / FULL)));
      setState((before) => (before === "heard" || level > HEARD ? "heard" : "quiet"));
    }).catch((error: unknown) => {
      if (!stopped.signal.aborted) setState(microphoneProblem(error));
    });
    return () => stopped.abort();
  }, [on, microphoneId]);

  const toggle = useCallback(() => setOn((before) => !before), []);
  return { state, meter, toggle };
}

/** Tells how loud it is with every frame that is drawn, until `stopped`. */
async function listen(
  microphoneId: string,
  stopped: AbortSignal,
  tell: (level: number) => void,
): Promise<void> {
  const audio = microphoneId === "" ? true : { deviceId: { exact: microphoneId } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (stopped.aborted) return close();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const measure = () => {
    if (stopped.aborted) return;
    analyser.getFloatTimeDomainData(samples);
    tell(Math.hypot(...samples) / Math.sqrt(samples.length));
    requestAnimationFrame(measure);
  };
  stopped.addEventListener("abort", () => {
    close();
    void context.close();
  });
  measure();
}
