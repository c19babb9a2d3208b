import { queryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../../api/client";
import { getStatus } from "../../api/status";

/** The server itself asks its dependencies no more often than every ten seconds. */
const AGAIN_MS = 15_000;

export function statusQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["status"],
    queryFn: ({ signal }) => getStatus(api, signal),
    refetchInterval: AGAIN_MS,
  });
}
