import type { ApiClient } from "./client";
import type { Service } from "./credits";

/** What one model of a service was used for; a quantity that it is not paid by is 0. */
export interface UsageItem {
  service: Service;
  model: string;
  credits: number;
  input_tokens: number;
  output_tokens: number;
  characters: number;
  audio_seconds: number;
}

export interface UsageSummary {
  sessions: number;
  turns: number;
  audio_seconds: number;
  credits: number;
  items: UsageItem[];
}

export function getUsage(api: ApiClient, days: number, signal: AbortSignal): Promise<UsageSummary> {
  return api.getJson(`/api/v1/usage/summary?days=${days}`, signal);
}
