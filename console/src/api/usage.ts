import type { ApiClient } from "./client";
import { withQuery } from "./query";
import type { Milliseconds } from "./turn";

export const MEASURED_STAGES = [
  "first_audio_ms",
  "eou_delay_ms",
  "stt_ms",
  "first_token_ms",
  "tts_ttfb_ms",
  "total_ms",
] as const;

export type MeasuredStage = (typeof MEASURED_STAGES)[number];

/** Of `n` turns in which the stage was measured; `null` where there was none. */
export interface Percentiles {
  p50: Milliseconds;
  p95: Milliseconds;
  p99: Milliseconds;
  n: number;
}

export interface LatencyGroup {
  /** A model, a voice, a language, or the beginning of an hour or a day (RFC 3339). */
  group: string | null;
  stages: Record<MeasuredStage, Percentiles>;
}

export type Grouping = "model" | "voice" | "language" | "hour" | "day";

/** Which turns; "" for any. Times are RFC 3339. */
export interface TurnsQuery {
  from: string;
  /** Excluded. */
  to: string;
  llm_model: string;
  voice: string;
  language: string;
}

export interface SlowTurn {
  session_id: string;
  turn_index: number;
  created_at: string;
  llm_model: string | null;
  voice: string | null;
  language: string | null;
  stages: Record<MeasuredStage, Milliseconds>;
}

const USAGE = "/api/v1/usage";
/** More than the hours of a week. */
const GROUPS = 200;

export function getLatencies(
  api: ApiClient,
  query: TurnsQuery,
  grouping: Grouping,
  signal: AbortSignal,
): Promise<LatencyGroup[]> {
  const path = withQuery(`${USAGE}/latency`, { ...query, group_by: grouping, limit: GROUPS });
  return api.getJson(path, signal);
}

export interface Slowest {
  stage: MeasuredStage;
  limit: number;
}

export function getSlowest(
  api: ApiClient,
  query: TurnsQuery,
  slowest: Slowest,
  signal: AbortSignal,
): Promise<SlowTurn[]> {
  return api.getJson(withQuery(`${USAGE}/slowest`, { ...query, ...slowest }), signal);
}
