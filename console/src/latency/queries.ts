import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../api/client";
import { type Grouping, getLatencies, getSlowest } from "../api/latency";
import { toTurnsQuery, type View, writeView } from "./view";

const AGAIN_MS = 60_000;
const SLOWEST = 20;

/** What all of the page's queries have in common: they stay as they are while the next is asked. */
const SHARED = { placeholderData: keepPreviousData, refetchInterval: AGAIN_MS } as const;

export function latenciesQuery(api: ApiClient, view: View, grouping: Grouping) {
  return queryOptions({
    queryKey: ["usage", "latency", turnsKey(view), grouping],
    queryFn: ({ signal }) => getLatencies(api, toTurnsQuery(view, new Date()), grouping, signal),
    ...SHARED,
  });
}

export function slowestQuery(api: ApiClient, view: View) {
  const slowest = { stage: view.stage, limit: SLOWEST };
  return queryOptions({
    queryKey: ["usage", "slowest", turnsKey(view), view.stage],
    queryFn: ({ signal }) => getSlowest(api, toTurnsQuery(view, new Date()), slowest, signal),
    ...SHARED,
  });
}

/** Which turns are looked at, however they are shown. */
function turnsKey(view: View): string {
  return writeView({ ...view, stage: "first_audio_ms", by: "model" });
}
