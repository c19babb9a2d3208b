import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../api/error";
import { createSession, type SessionRequest } from "../api/sessions";
import { useApi } from "../api/useApi";
import { part } from "../app/part";
import type { Call, Wanted } from "./call";

/** Between two conversations there is no call; `problem` says why the last start failed. */
export interface Talk {
  call: Call | null;
  /** What the call was created with. */
  request: SessionRequest | null;
  starting: boolean;
  problem: ApiError | null;
}

const NOT_TALKING: Talk = { call: null, request: null, starting: false, problem: null };

const loadCall = () => part(import("./call"));

/** Once the form is turned to, so that neither the page nor starting waits for it. */
export function preloadCall(): void {
  void Promise.allSettled([loadCall(), loadLivePanel()]);
}

export const loadLivePanel = () => part(import("./LivePanel"));

export interface TalkControls {
  talk: Talk;
  start(request: SessionRequest, microphone: Wanted): Promise<void>;
  reset(): void;
}

/** One conversation at a time, hung up on signing out. */
export function useTalk(): TalkControls {
  const api = useApi();
  const create = useMutation({
    mutationFn: (request: SessionRequest) => createSession(api, request),
  }).mutateAsync;
  const [talk, setTalk] = useState<Talk>(NOT_TALKING);
  const shown = useShown();

  useEffect(() => () => void talk.call?.hangUp(), [talk.call]);

  const start = useCallback(
    async (request: SessionRequest, microphone: Wanted) => {
      setTalk({ ...NOT_TALKING, starting: true });
      try {
        const { Call } = await loadCall();
        const session = await create(request);
        const call = new Call(session, microphone);
        if (shown.current) setTalk({ ...NOT_TALKING, call, request });
      } catch (error) {
        setTalk({ ...NOT_TALKING, problem: startProblem(error) });
      }
    },
    [create, shown],
  );

  const reset = useCallback(() => setTalk(NOT_TALKING), []);
  return { talk, start, reset };
}

/** Whether the page still shows this part: an answer that comes later must not open a room. */
function useShown() {
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return shown;
}

function startProblem(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ status: 0, code: "page_error", message: String(error) });
}
