import { infiniteQueryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../api/client";
import { listSessions } from "../api/sessions";

const PART = 50;

/** The list, a part at a time. */
export function sessionListQuery(api: ApiClient) {
  return infiniteQueryOptions({
    queryKey: ["sessions", "list"],
    queryFn: ({ pageParam, signal }) =>
      listSessions(api, { limit: PART, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ total }, parts) => {
      const loaded = parts.reduce((count, { rows }) => count + rows.length, 0);
      return loaded < total ? loaded : undefined;
    },
  });
}
