import type { ApiClient, Rows } from "./client";
import type { Part } from "./part";
import { withQuery } from "./query";

export const PERMISSIONS = ["stt", "llm", "tts", "search", "image"] as const;
export const SCOPES = [
  "bots:read",
  "bots:write",
  "webhooks:write",
  "usage:read",
  "sessions:listen",
] as const;

/** What a person decides about a key; the lists are csv, `*` is everything. */
export interface KeyRequest {
  name: string;
  permissions: string;
  scopes: string;
  allowed_domains: string;
  allowed_models: string;
  /** `null`: as many requests a minute as the plan allows. */
  rate_limit_rpm: number | null;
  /** Credits; `null`: no limit, 0: nothing. */
  budget_limit: number | null;
  expires_at: string | null;
}

export interface Key extends KeyRequest {
  id: string;
  /** How its plaintext begins. */
  prefix: string;
  budget_used: number;
  is_active: boolean;
  last_used_at: string | null;
  created_at: string;
}

/** With the plaintext, which no other answer holds. */
export interface NewKey extends Key {
  key: string;
}

export type KeyChange = Partial<KeyRequest> & { is_active?: boolean };

const KEYS = "/api/v1/keys";

/** The newest first, without the revoked ones. */
export function listKeys(api: ApiClient, part: Part, signal: AbortSignal): Promise<Rows<Key>> {
  return api.getRows(withQuery(KEYS, { ...part }), signal);
}

export function createKey(api: ApiClient, request: KeyRequest): Promise<NewKey> {
  return api.send("POST", KEYS, request);
}

export function changeKey(api: ApiClient, id: string, change: KeyChange): Promise<Key> {
  return api.send("PATCH", `${KEYS}/${id}`, change);
}

/** The old plaintext ends at once. */
export function rotateKey(api: ApiClient, id: string): Promise<NewKey> {
  return api.send("POST", `${KEYS}/${id}/rotate`);
}

export function revokeKey(api: ApiClient, id: string): Promise<void> {
  return api.send("DELETE", `${KEYS}/${id}`);
}
