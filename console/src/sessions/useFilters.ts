import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { type Filters, readFilters, writeFilters } from "./filters";

/** The filters in the page's address, where others can be given them. */
export function useFilters(): [Filters, (part: Partial<Filters>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const filters = useMemo(() => readFilters(search), [search]);
  const change = useCallback(
    (part: Partial<Filters>) => {
      const query = writeFilters({ ...filters, ...part });
      navigate(query === "" ? path : `${path}?${query}`, { replace: true });
    },
    [filters, path, navigate],
  );
  return [filters, change];
}
