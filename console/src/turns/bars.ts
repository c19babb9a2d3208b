import type { Milliseconds, Turn } from "../api/turn";
import { isGreeting, STAGES, type StageKey } from "./stages";

/** What is drawn of a turn: its measured stages, then the reply being played. */
export type BarKey = StageKey | "playing";

export interface Bar {
  key: BarKey;
  duration: Milliseconds;
  /** From the turn's zero, negative for what began before it; `null` where only the length is known. */
  startMs: number | null;
}

/**
 * The bars of one turn, whose zero is the end of the caller's speech, in a greeting its first sound.
 * They overlap: an answer is begun before the turn is decided.
 */
export function barsOf(turn: Turn): Bar[] {
  const bars: Bar[] = STAGES.map(({ key, from }) => ({
    key,
    duration: turn[key],
    startMs: from === "speech_ended_at_ms" ? 0 : since(zeroOf(turn), turn[from]),
  }));
  return [...bars, playingBar(turn)];
}

function playingBar(turn: Turn): Bar {
  if (isGreeting(turn)) {
    return { key: "playing", startMs: 0, duration: since(turn.started_at_ms, turn.ended_at_ms) };
  }
  return {
    key: "playing",
    startMs: turn.first_audio_ms,
    duration: since(turn.first_audio_ms, turn.total_ms),
  };
}

function zeroOf(turn: Turn): Milliseconds {
  return isGreeting(turn) ? turn.started_at_ms : turn.speech_ended_at_ms;
}

function since(start: Milliseconds, end: Milliseconds): Milliseconds {
  return start === null || end === null ? null : end - start;
}

/** The axis that all turns share, so that they compare. */
export interface Axis {
  fromMs: number;
  toMs: number;
  /** Where a line is drawn, zero among them. */
  ticksMs: readonly number[];
}

const STEPS_MS = [100, 250, 500, 1_000, 2_500, 5_000, 10_000];
const MOST_TICKS = 4;
const SHORTEST_MS = 500;
/** What the reply gets to the right of the slowest turn's first sound: it would dwarf the rest. */
const PLAYING_SHARE = 0.25;

/** Fits every stage of every answer. The greeting, which answers nobody, may run off it. */
export function axisOf(turns: readonly Turn[]): Axis {
  const bars = turns
    .filter((turn) => !isGreeting(turn))
    .flatMap(barsOf)
    .filter(({ key, duration }) => key !== "playing" && duration !== null);
  const first = Math.min(0, ...bars.map(({ startMs }) => startMs ?? 0));
  const last = Math.max(
    SHORTEST_MS,
    ...bars.map(({ startMs, duration }) => (startMs ?? 0) + (duration ?? 0)),
  );
  const span = (last - first) * (1 + PLAYING_SHARE);
  const step = STEPS_MS.find((each) => span / each <= MOST_TICKS) ?? span;
  const before = Math.floor(-first / step);
  const after = Math.floor((first + span) / step);
  const ticksMs = Array.from({ length: before + after + 1 }, (_, n) => (n - before) * step);
  return { fromMs: first, toMs: first + span, ticksMs };
}

/** Where a bar lies on the axis, in percent of it, cut at both ends. */
export interface Place {
  startPercent: number;
  lengthPercent: number;
  /** Whether it goes on past the right end. */
  goesOn: boolean;
}

export function placeOn(axis: Axis, { startMs, duration }: Bar): Place | null {
  if (duration === null) return null;
  const from = clamped(axis, startMs ?? 0);
  const to = clamped(axis, (startMs ?? 0) + duration);
  return {
    startPercent: percentOn(axis, from),
    lengthPercent: percentOn(axis, to) - percentOn(axis, from),
    goesOn: (startMs ?? 0) + duration > axis.toMs,
  };
}

export function percentOn({ fromMs, toMs }: Axis, moment: number): number {
  return ((moment - fromMs) / (toMs - fromMs)) * 100;
}

function clamped({ fromMs, toMs }: Axis, moment: number): number {
  return Math.min(toMs, Math.max(fromMs, moment));
}
