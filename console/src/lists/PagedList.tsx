import { Button } from "@radix-ui/themes";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useText } from "../text/useText";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import type { pagedQuery } from "./paged";

interface PagedListProps<Row> {
  query: ReturnType<typeof pagedQuery<Row>>;
  /** In the place of a list without rows. */
  empty: ReactNode;
  children: (rows: Row[]) => ReactNode;
}

/** Every state of a list: on its way, refused, empty, there, and with more to come. */
export function PagedList<Row>({ query, empty, children }: PagedListProps<Row>) {
  const { lists: text } = useText();
  const list = useInfiniteQuery(query);
  const rows = list.data?.rows;
  return (
    <>
      {list.isPending && <SkeletonRows count={4} />}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {rows && (rows.length === 0 ? empty : children(rows))}
      {list.hasNextPage && (
        <Button
          variant="soft"
          className="own-width"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {text.more}
        </Button>
      )}
    </>
  );
}
