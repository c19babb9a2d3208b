import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { SESSION_LIST_STREAM, type Session } from "../api/sessions";
import type { StreamEvent } from "../api/sse";
import { useApi } from "../api/useApi";
import { useStream } from "../api/useStream";
import { type Filters, matches } from "./filters";
import { rowsOf, withSession } from "./liveList";
import { sessionListQuery } from "./queries";

/** The list as it is now, and as it changes. */
export function useLiveSessions(filters: Filters) {
  const queries = useQueryClient();
  const query = sessionListQuery(useApi(), filters);
  const list = useInfiniteQuery(query);
  const onEvent = ({ name, data }: StreamEvent) => {
    if (name === "list") void queries.invalidateQueries({ queryKey: ["sessions", "list"] });
    if (name !== "session") return;
    const session = JSON.parse(data) as Session;
    const found = matches(filters, session, new Date());
    queries.setQueryData(query.queryKey, (loaded) => loaded && withSession(loaded, session, found));
  };
  const stream = useStream(SESSION_LIST_STREAM, { onEvent });
  const sessions = useMemo(() => (list.data ? rowsOf(list.data) : null), [list.data]);
  return { list, sessions, total: list.data?.pages.at(-1)?.total ?? 0, stream };
}
