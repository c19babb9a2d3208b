import type { ApiClient } from "./client";
import { ApiError } from "./error";

interface ConsoleConfig {
  api_key?: string | null;
  /** The tenant's owner, who may do what a key may not. */
  jwt?: string | null;
}

/** What a development server hands to its own page; `null` where people sign in. */
export async function getLocalCredential(api: ApiClient): Promise<string | null> {
  try {
    const config = await api.getJson<ConsoleConfig>("/console/config.json");
    return config.jwt ?? config.api_key ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Throws `ApiError` 401 for a credential that the API does not know. */
export async function checkCredential(api: ApiClient): Promise<void> {
  await api.getJson("/v1/voice/sessions?limit=1");
}
