import { useQuery } from "@tanstack/react-query";
import { type Bot, listBots } from "./bots";
import { useApi } from "./useApi";

/** The longest list that the API gives at once. */
const MOST = 200;
const NONE: readonly Bot[] = [];

/**
 * A tenant's bots; none for a key that may not read them. Where they are not `wanted` only those
 * that are known already.
 */
export function useListedBots(wanted: boolean): readonly Bot[] {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["bots", "listed"],
    enabled: wanted,
    queryFn: async ({ signal }) => (await listBots(api, { limit: MOST, offset: 0 }, signal)).rows,
  });
  return data ?? NONE;
}
