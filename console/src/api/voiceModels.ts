import type { ApiClient } from "./client";
import type { Enum } from "./enums";
import { ApiError } from "./error";

/** Whether a model is fast enough to be talked to; `unsupported`: nothing can serve it. */
export type Verdict = Enum<"Verdict">;

interface VoiceModel {
  id: string;
  verdict: Verdict;
}

/** By model; empty from a server that gives none. */
export async function getVerdicts(
  api: ApiClient,
  signal: AbortSignal,
): Promise<Map<string, Verdict>> {
  try {
    const models = await api.getJson<VoiceModel[]>("/api/v1/voice/models?limit=200", signal);
    return new Map(models.map(({ id, verdict }) => [id, verdict]));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return new Map();
    throw error;
  }
}
