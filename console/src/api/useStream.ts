import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "./error";
import { type Connection, follow } from "./follow";
import type { StreamEvent } from "./sse";
import { useApi } from "./useApi";

export interface Stream {
  connection: Connection;
  /** Why the API would not let us follow. */
  problem: ApiError | null;
}

const FIRST: Stream = { connection: "connecting", problem: null };

interface Options {
  onEvent: (event: StreamEvent) => void;
  isLast?: (event: StreamEvent) => boolean;
}

/** Follows the stream for as long as the component is shown; `null` follows nothing. */
export function useStream(path: string | null, options: Options): Stream {
  const api = useApi();
  const queries = useQueryClient();
  const [stream, setStream] = useState(FIRST);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    if (path === null) return;
    const stopped = new AbortController();
    setStream(FIRST);
    follow(api, path, {
      signal: stopped.signal,
      onEvent: (event) => latest.current.onEvent(event),
      isLast: (event) => latest.current.isLast?.(event) ?? false,
      onConnection: (connection) => setStream({ connection, problem: null }),
    }).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      setStream({ connection: "over", problem: error });
      // The queries meet the same refusal, and it is they that sign out.
      if (error.status === 401) void queries.invalidateQueries();
    });
    return () => stopped.abort();
  }, [api, path, queries]);
  return stream;
}
