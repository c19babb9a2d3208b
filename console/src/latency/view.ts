import {
  type Grouping,
  MEASURED_STAGES,
  type MeasuredStage,
  type TurnsQuery,
} from "../api/latency";
import { bounds, type Range, readRange, writeRange } from "../range/range";

/** By what the turns are told apart below the chart. */
export type Splitting = Extract<Grouping, "model" | "voice" | "language">;

export const SPLITTINGS: readonly Splitting[] = ["model", "voice", "language"];

/** What the page shows; "" where anything goes. */
export interface View {
  stage: MeasuredStage;
  by: Splitting;
  llm_model: string;
  voice: string;
  language: string;
  range: Range;
}

const LAST_DAY: Range = { span: "24h" };
const WORDS = ["llm_model", "voice", "language"] as const;
const DAY_MS = 24 * 3_600_000;
/** Up to a week there is a point for each hour, beyond it one for each day. */
const HOURLY_MS = 8 * DAY_MS;
/** The API's own, where an end is open. */
const OPEN_MS = DAY_MS;

/** From an address that somebody may have written by hand. */
export function readView(search: string): View {
  const params = new URLSearchParams(search);
  const word = (key: string) => (params.get(key) ?? "").trim().slice(0, 100);
  return {
    stage: MEASURED_STAGES.find((each) => each === params.get("stage")) ?? "first_audio_ms",
    by: SPLITTINGS.find((each) => each === params.get("by")) ?? "model",
    llm_model: word("llm_model"),
    voice: word("voice"),
    language: word("language"),
    range: readRange(params, LAST_DAY),
  };
}

/** For an address that shows somebody else the same; it names what is not as at first. */
export function writeView(view: View): string {
  const first = readView("");
  const params = new URLSearchParams();
  if (view.stage !== first.stage) params.set("stage", view.stage);
  if (view.by !== first.by) params.set("by", view.by);
  for (const key of WORDS) if (view[key] !== "") params.set(key, view[key]);
  for (const [key, value] of Object.entries(writeRange(view.range, LAST_DAY))) {
    if (value !== "") params.set(key, value);
  }
  return params.toString();
}

/** In the API's words. */
export function toTurnsQuery({ range, llm_model, voice, language }: View, now: Date): TurnsQuery {
  return { ...bounds(range, now), llm_model, voice, language };
}

const STEP_MS = { hour: 3_600_000, day: DAY_MS } as const;

/** The chart's points: how far apart they are, the first and the last, in seconds since 1970. */
export interface Grid {
  unit: "hour" | "day";
  stepS: number;
  firstS: number;
  lastS: number;
}

/** A point for each hour or day, of which the first and the last may lie in the range in part. */
export function gridOf({ range }: View, now: Date): Grid {
  const { from, to } = bounds(range, now);
  const untilMs = to === "" ? now.getTime() : Date.parse(to);
  const sinceMs = from === "" ? untilMs - OPEN_MS : Date.parse(from);
  const unit = untilMs - sinceMs > HOURLY_MS ? "day" : "hour";
  const stepMs = STEP_MS[unit];
  const begin = (moment: number) => (Math.floor(moment / stepMs) * stepMs) / 1_000;
  // The end is excluded; the API's hours and days begin in UTC.
  return { unit, stepS: stepMs / 1_000, firstS: begin(sinceMs), lastS: begin(untilMs - 1) };
}
