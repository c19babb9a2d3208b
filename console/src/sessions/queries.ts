import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../api/client";
import { listSessionDeliveries } from "../api/deliveries";
import { getCost, getEvalCase, getSession, getTurns, listSessions } from "../api/sessions";
import { type Filters, toQuery, writeFilters } from "./filters";
import type { Loaded } from "./liveList";

/** Several screens at once: a thousand sessions take ten parts. */
const PART = 100;

/** The list, a part at a time. What is looked for says where the next part begins: rows come live. */
export function sessionListQuery(api: ApiClient, filters: Filters) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "list", writeFilters(filters)] as const,
    queryFn: ({ pageParam, signal }) =>
      listSessions(api, toQuery(filters, new Date()), { limit: PART, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ rows, total }, parts: Loaded["pages"]) => {
      const loaded = parts.reduce((count, part) => count + part.rows.length, 0);
      return rows.length > 0 && loaded < total ? loaded : undefined;
    },
  });
}

const ON_THE_WAY_MS = 2_000;

/** Asked again while its analysis is on its way. */
export function sessionQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["sessions", id, "session"],
    queryFn: ({ signal }) => getSession(api, id, signal),
    refetchInterval: ({ state }) =>
      state.data?.analysis?.status === "pending" ? ON_THE_WAY_MS : false,
  });
}

export function turnsQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["sessions", id, "turns"],
    queryFn: ({ signal }) => getTurns(api, id, signal),
  });
}

export function costQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["sessions", id, "cost"],
    queryFn: ({ signal }) => getCost(api, id, signal),
  });
}

export function evalCaseQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["sessions", id, "eval-case"],
    queryFn: () => getEvalCase(api, id),
  });
}

/** Asked again while something is on its way. */
export function deliveriesQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["webhooks", "deliveries", "session", id],
    queryFn: ({ signal }) => listSessionDeliveries(api, id, signal),
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === "pending") ? ON_THE_WAY_MS : false,
  });
}
