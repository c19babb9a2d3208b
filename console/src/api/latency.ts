import type { ApiClient } from "./client";
import { ApiError } from "./error";
import type { Milliseconds } from "./turn";

/** How fast a model was in this tenant's turns: medians. */
export interface ModelLatency {
  firstTokenMs: Milliseconds;
  firstAudioMs: Milliseconds;
}

interface Group {
  group: string | null;
  stages: Record<string, { p50: Milliseconds }>;
}

const SPAN_MS = 30 * 24 * 3_600_000;

/** Of the last thirty days, by model; of none for a key that may not read usage. */
export async function getModelLatencies(
  api: ApiClient,
  signal: AbortSignal,
): Promise<Map<string, ModelLatency>> {
  const from = new Date(Date.now() - SPAN_MS).toISOString();
  const query = new URLSearchParams({ from, group_by: "model", limit: "200" });
  try {
    const groups = await api.getJson<Group[]>(`/api/v1/usage/latency?${query}`, signal);
    return new Map(groups.map((each) => [each.group ?? "", latencyOf(each)]));
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return new Map();
    throw error;
  }
}

function latencyOf({ stages }: Group): ModelLatency {
  return {
    firstTokenMs: stages.first_token_ms?.p50 ?? null,
    firstAudioMs: stages.first_audio_ms?.p50 ?? null,
  };
}
