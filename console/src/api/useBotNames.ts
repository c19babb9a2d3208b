import { useQuery } from "@tanstack/react-query";
import { listBots } from "./bots";
import { useApi } from "./useApi";

/** The longest list that the API gives at once. */
const MOST = 200;
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * The names of bots by their ids; none for a key that may not read bots. Where they are not `wanted`
 * only what is known already.
 */
export function useBotNames(wanted: boolean): ReadonlyMap<string, string> {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["bots", "names"],
    enabled: wanted,
    queryFn: async ({ signal }) => {
      const { rows } = await listBots(api, { limit: MOST, offset: 0 }, signal);
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  });
  return data ?? NONE;
}
