import { queryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../../api/client";
import {
  type DeliveryStatus,
  getDefaultSecret,
  getDelivery,
  getWebhook,
  type Log,
  listDeliveries,
  listWebhooks,
} from "../../api/webhooks";
import { pagedQuery } from "../paged";

/** Attempts are made while people look. */
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
  return { ...query, refetchInterval: DELIVERY_POLL_MS };
}

export function deliveryQuery(api: ApiClient, log: Log, id: string) {
  return queryOptions({
    queryKey: ["webhooks", "delivery", id],
    queryFn: ({ signal }) => getDelivery(api, log, id, signal),
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? DELIVERY_POLL_MS : false),
  });
}
