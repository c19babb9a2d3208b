import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** What a page shows, kept in its address, where others can be given it. Both functions are constant. */
export function useInAddress<Shown extends object>(
  read: (search: string) => Shown,
  write: (shown: Shown) => string,
): [Shown, (part: Partial<Shown>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const shown = useMemo(() => read(search), [read, search]);
  const change = useCallback(
    (part: Partial<Shown>) => {
      const query = write({ ...shown, ...part });
      navigate(query === "" ? path : `${path}?${query}`, { replace: true });
    },
    [shown, write, path, navigate],
  );
  return [shown, change];
}
