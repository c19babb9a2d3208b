import { useEffect, useState } from "react";
import type { Turn } from "../api/turn";
import type { Player } from "../recording/player";
import { turnAt } from "../turns/placing";
import { addressOf, type Named } from "./useAddress";
import { useShare } from "./useShare";

interface Hearing {
  player: Player | null;
  turns: readonly Turn[];
  named: Named;
  onChoose: (turnIndex: number) => void;
}

/** What choosing a turn does where it can be heard; a link's place is where the sound begins. */
export function useHearing({ player, turns, named, onChoose }: Hearing) {
  const [first] = useState(named);
  const startMs = (turnIndex: number | null) =>
    turns.find((turn) => turn.turn_index === turnIndex)?.started_at_ms ?? null;
  const firstMs = first.atMs ?? startMs(first.turn);
  useEffect(() => {
    if (player !== null && firstMs !== null) player.seek(firstMs);
  }, [player, firstMs]);

  const share = useShare();
  const hear = (turnIndex: number) => {
    const atMs = startMs(turnIndex);
    if (atMs !== null) player?.playFrom(atMs);
    if (named.turn !== turnIndex) onChoose(turnIndex);
  };
  const leave = (turnIndex: number) => {
    player?.pause();
    onChoose(turnIndex);
  };
  return {
    hear,
    choose: (turnIndex: number) => (named.turn === turnIndex ? leave : hear)(turnIndex),
    share: (atMs: number) =>
      void share(addressOf(location.href, { turn: turnAt(turns, atMs), atMs })),
  };
}
