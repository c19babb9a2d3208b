import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { getRecording } from "../api/recording";
import { hasEnded, type Session } from "../api/sessions";
import { useApi } from "../api/useApi";
import { worthRetrying } from "../app/queryClient";
import { decodeLevels, type Levels } from "./levels";
import { Player } from "./player";

/** For so long after a session's end its recording may be on its way from the worker. */
const ON_THE_WAY_MS = 45_000;
const AGAIN_MS = 3_000;

/** What a session sounded like, to play and to draw; `isExpected` says whether it was recorded. */
export function useRecording(session: Session) {
  const api = useApi();
  const isExpected = session.config.record === true && hasEnded(session);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["sessions", session.id, "recording"],
    queryFn: ({ signal }) => getRecording(api, session.id, signal),
    enabled: isExpected,
    staleTime: Number.POSITIVE_INFINITY,
    retry: (failures, error) =>
      error.status === 404 ? mayCome(session, failures) : worthRetrying(failures, error),
    retryDelay: AGAIN_MS,
  });
  return {
    isExpected,
    isPending: isExpected && isPending,
    error,
    again: () => void refetch(),
    sound: data ?? null,
    player: useSoundPlayer(data),
    levels: useLevels(data),
  };
}

/** Counted as well as timed: this machine's clock may be wrong. */
function mayCome({ ended_at: endedAt }: Session, failures: number): boolean {
  const sinceMs = endedAt === null ? 0 : Date.now() - Date.parse(endedAt);
  return sinceMs < ON_THE_WAY_MS && failures * AGAIN_MS < ON_THE_WAY_MS;
}

/** It falls silent when the component goes. */
function useSoundPlayer(sound: Blob | undefined): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  useEffect(() => {
    if (sound === undefined) return;
    const address = URL.createObjectURL(sound);
    const element = new Audio(address);
    setPlayer(new Player(element));
    return () => {
      element.pause();
      URL.revokeObjectURL(address);
      setPlayer(null);
    };
  }, [sound]);
  return player;
}

/** `null` until they are there, and where this browser cannot decode the recording. */
function useLevels(sound: Blob | undefined): Levels | null {
  const [levels, setLevels] = useState<Levels | null>(null);
  useEffect(() => {
    if (sound === undefined) return;
    let isWanted = true;
    decodeLevels(sound).then(
      (found) => isWanted && setLevels(found),
      () => undefined,
    );
    return () => {
      isWanted = false;
      setLevels(null);
    };
  }, [sound]);
  return levels;
}
