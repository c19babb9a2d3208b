import type { ApiClient } from "./client";
import type { Enum } from "./enums";
import { ApiError } from "./error";
import { withQuery } from "./query";
import type { Milliseconds } from "./turn";

export const MEASURED_STAGES = [
  "first_audio_ms",
  "eou_delay_ms",
  "stt_ms",
  "first_token_ms",
  "tts_ttfb_ms",
  "total_ms",
] as const satisfies readonly Enum<"Stage">[];

export type MeasuredStage = Enum<"Stage">;

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

export type Grouping = Enum<"Grouping">;

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
/** More than the hours of a week, fewer than the days of a year. */
const GROUPS = 200;

/** All groups, in as many parts as the API gives them. */
export async function getLatencies(
  api: ApiClient,
  query: TurnsQuery,
  grouping: Grouping,
  signal: AbortSignal,
): Promise<LatencyGroup[]> {
  const groups: LatencyGroup[] = [];
  for (;;) {
    const part = { group_by: grouping, limit: GROUPS, offset: groups.length };
    const path = withQuery(`${USAGE}/latency`, { ...query, ...part });
    const rows = await api.getJson<LatencyGroup[]>(path, signal);
    groups.push(...rows);
    if (rows.length < GROUPS) return groups;
  }
}

/** How fast a model was in this tenant's turns: medians. */
export interface ModelLatency {
  firstTokenMs: Milliseconds;
  firstAudioMs: Milliseconds;
}

const MONTH_MS = 30 * 24 * 3_600_000;

/** Of the last thirty days, by model; of none for a key that may not read usage. */
export async function getModelLatencies(
  api: ApiClient,
  signal: AbortSignal,
): Promise<Map<string, ModelLatency>> {
  const from = new Date(Date.now() - MONTH_MS).toISOString();
  const turns = { from, to: "", llm_model: "", voice: "", language: "" };
  try {
    const groups = await getLatencies(api, turns, "model", signal);
    return new Map(groups.map((each) => [each.group ?? "", latencyOf(each)]));
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return new Map();
    throw error;
  }
}

function latencyOf({ stages }: LatencyGroup): ModelLatency {
  return { firstTokenMs: stages.first_token_ms.p50, firstAudioMs: stages.first_audio_ms.p50 };
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
