import { useEffect, useRef } from "react";
import { type Axis, holds } from "../turns/axis";
import type { Span } from "../turns/placing";
import type { Player } from "./player";
import { usePlayer } from "./usePlayer";

interface PlayheadProps {
  player: Player;
  axis: Axis;
  shown: Span;
  /** Scrolls there. */
  onLeave: (atMs: number) => void;
}

/** A line where the sound is. The view goes along with it, until somebody scrolls it out of sight. */
export function Playhead({ player, axis, shown, onLeave }: PlayheadProps) {
  const atMs = usePlayer(player, (now) => now.atMs) ?? 0;
  const before = useRef(atMs);
  useEffect(() => {
    const wasSeen = holds(shown, before.current);
    before.current = atMs;
    if (wasSeen && !holds(shown, atMs)) onLeave(atMs);
  }, [atMs, shown, onLeave]);
  return <div className="playhead" style={{ translate: atMs / axis.msPerPx }} />;
}
