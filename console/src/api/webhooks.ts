import type { ApiClient, Rows } from "./client";
import { ENUMS, type Enum } from "./enums";
import type { Part } from "./part";
import { withQuery } from "./query";

export const EVENTS = ENUMS.WebhookEvent;
/** What the API tells an endpoint of that names no events. */
export const FIRST_EVENTS = EVENTS.filter((event) => event !== "webhook.disabled");
export type WebhookEvent = Enum<"WebhookEvent">;

/** An endpoint that is told of events. */
export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  is_active: boolean;
  /** Masked, but in the answers that make it. */
  secret: string;
  created_at: string;
  /** When it was switched off because nothing had reached it for days. */
  disabled_at?: string;
}

export interface WebhookRequest {
  url: string;
  events: readonly WebhookEvent[];
  is_active: boolean;
}

/** What signs the deliveries to the URLs that sessions bring along. */
export interface DefaultSecret {
  secret: string;
  created_at: string;
}

export interface TestResult {
  success: boolean;
  status_code: number | null;
  latency_ms: number;
  error: string | null;
}

export const WEBHOOKS = "/api/v1/webhooks";

export function listWebhooks(
  api: ApiClient,
  part: Part,
  signal: AbortSignal,
): Promise<Rows<Webhook>> {
  return api.getRows(withQuery(WEBHOOKS, { ...part }), signal);
}

export function getWebhook(api: ApiClient, id: string, signal: AbortSignal): Promise<Webhook> {
  return api.getJson(`${WEBHOOKS}/${id}`, signal);
}

export function createWebhook(api: ApiClient, request: WebhookRequest): Promise<Webhook> {
  return api.send("POST", WEBHOOKS, request);
}

export function changeWebhook(
  api: ApiClient,
  id: string,
  request: WebhookRequest,
): Promise<Webhook> {
  return api.send("PUT", `${WEBHOOKS}/${id}`, request);
}

export function deleteWebhook(api: ApiClient, id: string): Promise<void> {
  return api.send("DELETE", `${WEBHOOKS}/${id}`);
}

/** One attempt now; it is neither tried again nor logged. */
export function testWebhook(api: ApiClient, id: string): Promise<TestResult> {
  return api.send("POST", `${WEBHOOKS}/${id}/test`);
}

export function rotateSecret(api: ApiClient, id: string): Promise<Webhook> {
  return api.send("POST", `${WEBHOOKS}/${id}/rotate-secret`);
}

export function getDefaultSecret(api: ApiClient, signal: AbortSignal): Promise<DefaultSecret> {
  return api.getJson(`${WEBHOOKS}/default-secret`, signal);
}

export function rotateDefaultSecret(api: ApiClient): Promise<DefaultSecret> {
  return api.send("POST", `${WEBHOOKS}/default-secret/rotate`);
}
