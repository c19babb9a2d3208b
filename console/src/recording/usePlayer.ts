import { useSyncExternalStore } from "react";
import type { Player } from "./player";

const nothing = () => () => undefined;

/** What the player is at, looked at with each picture; renders only where that is another. */
export function usePlayer<Read extends string | number | boolean | null>(
  player: Player | null,
  read: (player: Player) => Read,
): Read | null {
  return useSyncExternalStore(player?.subscribe ?? nothing, () =>
    player === null ? null : read(player),
  );
}
