import type { Turn } from "../api/turn";
import { holds } from "./axis";
import type { Span } from "./placing";
import { isGreeting } from "./stages";

/**
 * What a caller may wait for, in the order in which it usually comes. Of a moment in which several
 * went on the first of `FIRST` counts: until a turn is decided nothing may be said, whatever is there.
 */
export const CAUSES = [
  "end_of_turn",
  "recognition",
  "model",
  "tools",
  "sentence",
  "voice",
  "rest",
] as const;
export type Cause = (typeof CAUSES)[number];

const FIRST: readonly Cause[] = [
  "end_of_turn",
  "recognition",
  "tools",
  "model",
  "sentence",
  "voice",
];

/** A caller's wait, from their last sound to the agent's first; each millisecond has one cause. */
export interface Wait extends Span {
  turn: Turn;
  lengthMs: number;
  parts: { cause: Cause; ms: number }[];
}

/** The longest waits, the longest first. */
export function longestWaits(turns: readonly Turn[], count: number): Wait[] {
  const waits = turns.map(waitOf).filter((wait) => wait !== null);
  return waits.sort((a, b) => b.lengthMs - a.lengthMs).slice(0, count);
}

/** `null` where nobody waited, or it was not measured. */
export function waitOf(turn: Turn): Wait | null {
  const { speech_ended_at_ms: fromMs, first_audio_ms: lengthMs } = turn;
  if (isGreeting(turn) || fromMs === null || lengthMs === null) return null;
  const toMs = fromMs + lengthMs;
  const spans = spansOf(turn, { fromMs, toMs });
  const edges = [fromMs, toMs, ...spans.flatMap((span) => [span.fromMs, span.toMs])]
    .filter((edge) => holds({ fromMs, toMs }, edge))
    .sort((a, b) => a - b);
  const took = new Map<Cause, number>();
  for (const [place, edge] of edges.slice(1).entries()) {
    const begun = edges[place] ?? edge;
    const cause = causeAt(spans, (begun + edge) / 2);
    took.set(cause, (took.get(cause) ?? 0) + edge - begun);
  }
  const parts = CAUSES.flatMap((cause) => ({ cause, ms: took.get(cause) ?? 0 }));
  return { turn, fromMs, toMs, lengthMs, parts: parts.filter(({ ms }) => ms > 0) };
}

type CausedSpan = Span & { cause: Cause };

function causeAt(spans: readonly CausedSpan[], atMs: number): Cause {
  const on = spans.filter((span) => holds(span, atMs)).map(({ cause }) => cause);
  return FIRST.find((cause) => on.includes(cause)) ?? "rest";
}

/** A tool that went on when the voice had its words was spoken during, not waited for. */
function spansOf(turn: Turn, { fromMs: spokenMs, toMs: soundMs }: Span): CausedSpan[] {
  const { llm_requested_at_ms: askedMs, tts_requested_at_ms: givenMs } = turn;
  const wordMs = sum(askedMs, turn.first_token_ms);
  const calls = (turn.tool_calls ?? [])
    .flatMap(({ began_at_ms: at, duration_ms }) => span("tools", at, sum(at, duration_ms)))
    .filter(({ toMs }) => toMs <= (givenMs ?? soundMs));
  return [
    ...span("end_of_turn", spokenMs, sum(spokenMs, turn.eou_delay_ms)),
    ...span("recognition", spokenMs, sum(spokenMs, turn.stt_ms)),
    ...calls,
    ...span("model", askedMs, wordMs),
    ...span("sentence", wordMs, givenMs),
    ...span("voice", givenMs, sum(givenMs, turn.tts_ttfb_ms)),
  ];
}

function span(cause: Cause, fromMs: number | null, toMs: number | null): CausedSpan[] {
  return fromMs === null || toMs === null || toMs < fromMs ? [] : [{ cause, fromMs, toMs }];
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
