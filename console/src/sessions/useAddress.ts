import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** What of a session its page's address names, so that a link can lead there. */
export interface Named {
  turn: number | null;
  /** A moment of its recording, from the session's start. */
  atMs: number | null;
}

/** `choose` names a turn alone, or none where it was named already. */
export function useAddress(): [Named, choose: (turnIndex: number) => void] {
  const [params, setParams] = useSearchParams();
  const turn = wholeNumber(params.get("turn"));
  const choose = useCallback(
    (turnIndex: number) =>
      setParams(turnIndex === turn ? {} : { turn: String(turnIndex) }, {
        replace: true,
        state: history.state,
      }),
    [setParams, turn],
  );
  return [{ turn, atMs: wholeNumber(params.get("at")) }, choose];
}

/** The page's address with a moment, and the turn that it is in. */
export function addressOf(page: string, { turn, atMs }: Named): string {
  const address = new URL(page);
  const named = { turn, at: atMs };
  address.search = "";
  for (const [name, value] of Object.entries(named)) {
    if (value !== null) address.searchParams.set(name, String(value));
  }
  return address.href;
}

/** Up to a day in milliseconds, with room. */
function wholeNumber(written: string | null): number | null {
  return written !== null && /^\d{1,8}$/.test(written) ? Number(written) : null;
}
