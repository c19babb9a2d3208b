import { infiniteQueryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../api/client";
import { listSessions } from "../api/sessions";
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
