import type { Milliseconds } from "../api/turn";

/** In the place of what was not measured. */
export const DASH = "–";

/** `412 ms`, `2.4 s`, or a dash for what was not measured. */
export function formatMilliseconds(duration: Milliseconds): string {
  if (duration === null) return DASH;
  const whole = Math.round(duration);
  return whole < 1000 ? `${whole} ms` : `${(whole / 1000).toFixed(2)} s`;
}

/** `1:05` for 65 seconds. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
