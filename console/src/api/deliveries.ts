import type { ApiClient, Rows } from "./client";
import { ENUMS, type Enum } from "./enums";
import type { Part } from "./part";
import { withQuery } from "./query";
import { listWebhooks, WEBHOOKS, type WebhookEvent } from "./webhooks";

/** Whose log: an endpoint's by its id, or that of the URLs that sessions brought along. */
export type Log = string | null;

export const DELIVERY_STATUSES = ENUMS.DeliveryStatus;
export type DeliveryStatus = Enum<"DeliveryStatus">;

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
