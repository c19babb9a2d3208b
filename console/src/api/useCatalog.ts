import { useQuery } from "@tanstack/react-query";
import { type Catalog, getCatalog } from "./catalog";
import type { ApiError } from "./error";
import { useApi } from "./useApi";

export interface CatalogState {
  loading: boolean;
  /** `null` where there is none to choose from. */
  catalog: Catalog | null;
  problem: ApiError | null;
}

/** Read once a visit: it changes with the server's version. */
export function useCatalog(): CatalogState {
  const api = useApi();
  const { data, error, isPending } = useQuery({
    queryKey: ["catalog"],
    queryFn: ({ signal }) => getCatalog(api, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { loading: isPending, catalog: data ?? null, problem: error };
}
