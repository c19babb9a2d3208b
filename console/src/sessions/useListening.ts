import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../api/error";
import { listenIn } from "../api/sessions";
import { useApi } from "../api/useApi";
import { part } from "../app/part";
import { useText } from "../text/useText";
import type { Heard, Listening } from "./listening";

/** Hears a session until it stops, or until the component goes; LiveKit's client comes only then. */
export function useListening(sessionId: string) {
  const { listen: text } = useText().session;
  const api = useApi();
  const [heard, setHeard] = useState<Heard | null>(null);
  const current = useRef<Listening | null>(null);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
      void current.current?.stop();
    };
  }, []);
  const start = useMutation({
    mutationFn: async () => {
      const [{ Listening }, wayIn] = await Promise.all([
        part(import("./listening")),
        listenIn(api, sessionId),
      ]);
      if (!isShown.current) return;
      const begun = new Listening((now) => setHeard(now.over ? null : now));
      current.current = begun;
      await begun.start(wayIn).catch(() => {
        throw new ApiError({ status: 0, code: "voice_unreachable", message: text.failed });
      });
      setHeard((now) => now ?? { voices: 0, blocked: false, over: false });
    },
  });
  return {
    heard,
    start,
    stop: () => void current.current?.stop(),
    unblock: () => void current.current?.unblock(),
  };
}
