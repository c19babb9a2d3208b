import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Rows } from "../api/client";
import type { ApiError } from "../api/error";
import type { Part } from "../api/part";

const SIZE = 50;

/** A list that the API gives a part at a time. */
export function pagedQuery<Row>(
  queryKey: readonly unknown[],
  list: (part: Part, signal: AbortSignal) => Promise<Rows<Row>>,
) {
  return infiniteQueryOptions<Rows<Row>, ApiError, Listed<Row>, readonly unknown[], number>({
    queryKey,
    queryFn: ({ pageParam, signal }) => list({ limit: SIZE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ total }, parts) => {
      const loaded = parts.reduce((count, { rows }) => count + rows.length, 0);
      return loaded < total ? loaded : undefined;
    },
    select: ({ pages }) => ({
      rows: pages.flatMap(({ rows }) => rows),
      total: pages.at(-1)?.total ?? 0,
    }),
  });
}

/** What was loaded so far, and how many rows there are in all. */
export type Listed<Row> = Rows<Row>;
