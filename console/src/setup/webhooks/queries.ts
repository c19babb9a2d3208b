import { type InfiniteData, queryOptions } from "@tanstack/react-query";
import type { ApiClient, Rows } from "../../api/client";
import {
  type Delivery,
  type DeliveryStatus,
  getDelivery,
  type Log,
  listDeliveries,
} from "../../api/deliveries";
import { getDefaultSecret, getWebhook, listWebhooks } from "../../api/webhooks";
import { pagedQuery } from "../../lists/paged";

/** Attempts are made while people look at what waits for one. */
const DELIVERY_POLL_MS = 4_000;

export function webhookListQuery(api: ApiClient) {
  return pagedQuery(["webhooks", "list"], (part, signal) => listWebhooks(api, part, signal));
}

export function webhookQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["webhooks", "one", id],
    queryFn: ({ signal }) => getWebhook(api, id, signal),
  });
}

export function defaultSecretQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["webhooks", "default-secret"],
    queryFn: ({ signal }) => getDefaultSecret(api, signal),
  });
}

export function deliveryListQuery(api: ApiClient, log: Log, status: DeliveryStatus | "") {
  const query = pagedQuery(["webhooks", "deliveries", log, status], (part, signal) =>
    listDeliveries(api, log, { status, ...part }, signal),
  );
  return {
    ...query,
    refetchInterval: ({ state }: { state: { data?: InfiniteData<Rows<Delivery>> } }) =>
      state.data?.pages.some(({ rows }) => rows.some(isWaiting)) ? DELIVERY_POLL_MS : false,
  } as const;
}

export function deliveryQuery(api: ApiClient, log: Log, id: string) {
  return queryOptions({
    queryKey: ["webhooks", "delivery", id],
    queryFn: ({ signal }) => getDelivery(api, log, id, signal),
    refetchInterval: ({ state }) =>
      state.data && isWaiting(state.data) ? DELIVERY_POLL_MS : false,
  });
}

function isWaiting({ status }: Delivery): boolean {
  return status === "pending";
}
