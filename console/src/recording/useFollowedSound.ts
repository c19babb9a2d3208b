import { type RefObject, useEffect, useRef } from "react";
import type { Turn } from "../api/turn";
import { turnAt } from "../turns/placing";
import type { Player } from "./player";
import { usePlayer } from "./usePlayer";

/**
 * The turn that is heard. Its entry in the list (`data-turn`) comes into sight within the list,
 * unless a reader has scrolled the one before it out of sight.
 */
export function useFollowedSound(
  player: Player | null,
  turns: readonly Turn[],
  list: RefObject<HTMLElement | null>,
): number | null {
  const heard = usePlayer(player, ({ atMs }) => turnAt(turns, atMs));
  const before = useRef<number | null>(null);
  useEffect(() => {
    const [last, next] = [entry(list.current, before.current), entry(list.current, heard)];
    before.current = heard;
    if (list.current === null || next === null) return;
    if (last !== null && !sight(list.current, last).some) return;
    if (!sight(list.current, next).all) {
      list.current.scrollTop = next.offsetTop - list.current.offsetTop;
    }
  }, [heard, list]);
  return heard;
}

function entry(list: HTMLElement | null, turnIndex: number | null): HTMLElement | null {
  return turnIndex === null ? null : (list?.querySelector(`[data-turn="${turnIndex}"]`) ?? null);
}

/** How much of it one sees. */
function sight(list: HTMLElement, item: HTMLElement): { some: boolean; all: boolean } {
  const [frame, box] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
  return {
    some: box.bottom > frame.top && box.top < frame.bottom,
    all: box.top >= frame.top && box.bottom <= frame.bottom,
  };
}
