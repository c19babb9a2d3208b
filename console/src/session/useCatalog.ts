import { useEffect, useState } from "react";
import { type Catalog, getCatalog } from "../api/catalog";
import type { ApiClient } from "../api/client";
import { ApiError } from "../api/error";

export interface CatalogState {
  loading: boolean;
  /** `null` where there is none to choose from. */
  catalog: Catalog | null;
  problem: ApiError | null;
}

export function useCatalog(api: ApiClient): CatalogState {
  const [state, setState] = useState<CatalogState>({
    loading: true,
    catalog: null,
    problem: null,
  });
  useEffect(() => {
    const stopped = new AbortController();
    getCatalog(api, stopped.signal).then(
      (catalog) => setState({ loading: false, catalog, problem: null }),
      (error: unknown) => {
        if (stopped.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setState({ loading: false, catalog: null, problem: error });
      },
    );
    return () => stopped.abort();
  }, [api]);
  return state;
}
