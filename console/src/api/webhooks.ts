import type { ApiClient, Rows } from "./client";
import type { Part } from "./part";
import { withQuery } from "./query";

export const EVENTS = [
  "voice_session.started",
  "voice_session.connected",
  "voice_session.ended",
  "voice_session.failed",
] as const;
export type WebhookEvent = (typeof EVENTS)[number];

/** An endpoint that is told of events. */
export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  is_active: boolean;
  /** Masked, but in the answers that make it. */
  secret: string;
  created_at: string;
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

export const DELIVERY_STATUSES = ["pending", "succeeded", "failed"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface Delivery {
  id: string;
  /** `null` for the URL that a session brought along. */
  webhook_id: Log;
  session_id: string;
  url: string;
  event: WebhookEvent;
  status: DeliveryStatus;
  /** Of the last attempt, as are `error` and `latency_ms`. */
  status_code: number | null;
  attempts: number;
  error: string | null;
  latency_ms: number | null;
  created_at: string;
  next_attempt_at: string | null;
  replay_of: string | null;
}

export interface WholeDelivery extends Delivery {
  payload: unknown;
  attempt_log: Attempt[];
}

export interface Attempt {
  number: number;
  attempted_at: string;
  status_code: number | null;
  error: string | null;
  latency_ms: number;
}

const WEBHOOKS = "/api/v1/webhooks";

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

/** Whose log: an endpoint's by its id, or that of the URLs that sessions brought along. */
export type Log = string | null;

/** The newest first; `status` "" is every one. */
export function listDeliveries(
  api: ApiClient,
  log: Log,
  { status, ...part }: Part & { status: DeliveryStatus | "" },
  signal: AbortSignal,
): Promise<Rows<Delivery>> {
  return api.getRows(withQuery(pathOf(log), { status, ...part }), signal);
}

/** Endpoints that are asked for a session's deliveries; a tenant has a handful. */
const ENDPOINTS = 20;

/** All that was sent of one session, to its own URL and to the tenant's endpoints, newest first. */
export async function listSessionDeliveries(
  api: ApiClient,
  sessionId: string,
  signal: AbortSignal,
): Promise<Delivery[]> {
  const endpoints = await listWebhooks(api, { limit: ENDPOINTS, offset: 0 }, signal);
  const logs: Log[] = [null, ...endpoints.rows.map(({ id }) => id)];
  const found = await Promise.all(
    logs.map((log) =>
      api.getJson<Delivery[]>(withQuery(pathOf(log), { session_id: sessionId }), signal),
    ),
  );
  return found.flat().sort((a, b) => b.created_at.localeCompare(a.created_at));
}

export function getDelivery(
  api: ApiClient,
  log: Log,
  id: string,
  signal: AbortSignal,
): Promise<WholeDelivery> {
  return api.getJson(`${pathOf(log)}/${id}`, signal);
}

/** A new delivery of the same payload. */
export function replayDelivery(api: ApiClient, log: Log, id: string): Promise<Delivery> {
  return api.send("POST", `${pathOf(log)}/${id}/replay`);
}

function pathOf(log: Log): string {
  return log === null ? `${WEBHOOKS}/deliveries` : `${WEBHOOKS}/${log}/deliveries`;
}
