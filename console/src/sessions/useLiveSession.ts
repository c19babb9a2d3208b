import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hasEnded, type Session, sessionStream } from "../api/sessions";
import type { StreamEvent } from "../api/sse";
import { type Turn, withTurn } from "../api/turn";
import { useApi } from "../api/useApi";
import { useStream } from "../api/useStream";
import { NOTHING_LIVE, readEvent, type SessionEvent, withEvent } from "./live";
import { sessionQuery, turnsQuery } from "./queries";

/** One session as it is; while it runs, as it goes on. */
export function useLiveSession(id: string) {
  const api = useApi();
  const session = useQuery(sessionQuery(api, id));
  const turns = useQuery(turnsQuery(api, id));
  const [live, setLive] = useState(NOTHING_LIVE);
  const keep = useKept(id);
  const onEvent = (told: StreamEvent) => {
    const event = readEvent(told);
    if (event === null) return;
    setLive((before) => withEvent(before, event));
    keep(event);
  };
  const isRunning = session.data !== undefined && !hasEnded(session.data);
  const stream = useStream(isRunning ? sessionStream(id) : null, {
    onEvent,
    isLast: ({ name }) => name === "end",
  });
  return { session, turns, live, stream, isRunning };
}

/** Writes what is told into the queries that would have asked for it. */
function useKept(id: string): (event: SessionEvent) => void {
  const api = useApi();
  const queries = useQueryClient();
  const { queryKey: sessionKey } = sessionQuery(api, id);
  const { queryKey: turnsKey } = turnsQuery(api, id);
  const addTurn = (turn: Turn) => {
    queries.setQueryData(turnsKey, (turns) => withTurn(turns ?? [], turn));
    queries.setQueryData(sessionKey, (known) => known && withCount(known, turn));
  };
  return (event) => {
    if (event.name === "turn") addTurn(event.data);
    if (event.name === "state" && queries.getQueryData(sessionKey)?.status === "created") {
      void queries.invalidateQueries({ queryKey: sessionKey });
    }
    if (event.name === "state" && event.data.recoveries !== undefined) {
      const { recoveries } = event.data;
      queries.setQueryData(sessionKey, (known) => known && withRecoveries(known, recoveries));
    }
    if (event.name === "end") {
      queries.setQueryData(sessionKey, event.data);
      void queries.invalidateQueries({ queryKey: ["sessions", id] });
      void queries.invalidateQueries({ queryKey: ["webhooks", "deliveries"] });
    }
  };
}

/** A stream that begins anew tells of the earlier ones first. */
function withRecoveries(session: Session, count: number): Session {
  return { ...session, recoveries: Math.max(session.recoveries ?? 0, count) };
}

function withCount(session: Session, turn: Turn): Session {
  return { ...session, turn_count: Math.max(session.turn_count, turn.turn_index + 1) };
}
