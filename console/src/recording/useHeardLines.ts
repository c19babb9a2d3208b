import { type KeyboardEvent, useMemo, useState } from "react";
import { flushSync } from "react-dom";
import type { Turn } from "../api/turn";
import { heardSpans, type Span } from "../turns/placing";
import type { Player } from "./player";
import { type PlacedWord, placeWords } from "./words";

/** What one side of a turn said, to be heard word by word. */
export interface HeardLine {
  player: Player;
  span: Span;
  words: readonly PlacedWord[];
  /** The one that the keyboard is at, or comes to; of a turn's two sides one has it. */
  reached: number;
  onReach: (place: number) => void;
  onKey: (event: KeyboardEvent<HTMLElement>, play: () => void) => void;
}

const STOP = ".heard-word[tabindex]";

/** Both sides of a turn, as one row of words to the keyboard; `null` for what cannot be heard. */
export function useHeardLines(turn: Turn, player: Player | null) {
  const { caller, agent } = useMemo(() => placedSides(turn), [turn]);
  const [chosen, setChosen] = useState(0);
  const count = (caller?.words.length ?? 0) + (agent?.words.length ?? 0);
  const reached = Math.min(chosen, count - 1);

  const onKey = (event: KeyboardEvent<HTMLElement>, play: () => void) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const item = event.currentTarget.closest("li");
    const next = wordBy(event.key, reached, count);
    const stop = next === null ? neighbour(item, event.key) : null;
    if (next !== null) {
      flushSync(() => setChosen(next));
      item?.querySelector<HTMLElement>(STOP)?.focus();
    } else if (event.key === "Enter" || event.key === " ") play();
    else if (stop !== null) stop.focus();
    else return;
    event.preventDefault();
  };
  const line = (side: PlacedSide | null, before: number): HeardLine | null =>
    player && side
      ? {
          player,
          ...side,
          reached: reached - before,
          onReach: (place) => setChosen(before + place),
          onKey,
        }
      : null;
  return { caller: line(caller, 0), agent: line(agent, caller?.words.length ?? 0) };
}

type PlacedSide = Pick<HeardLine, "span" | "words">;

function placedSides(turn: Turn): { caller: PlacedSide | null; agent: PlacedSide | null } {
  const { caller, agent } = heardSpans(turn);
  const placed = (text: string, span: Span | null) =>
    span && { span, words: placeWords(text, span) };
  return {
    caller: placed(turn.user_transcript, caller),
    agent: placed(turn.agent_response, agent),
  };
}

/** Where a key leads within a turn; `null` for one that leads nowhere there. */
function wordBy(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return Math.min(count - 1, at + 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** The word that the keyboard comes to in the next turn, up or down, that can be heard. */
function neighbour(item: Element | null, key: string): HTMLElement | null {
  const next = (from: Element | null | undefined) => {
    if (key === "ArrowUp") return from?.previousElementSibling;
    return key === "ArrowDown" ? from?.nextElementSibling : null;
  };
  for (let turn = next(item); turn; turn = next(turn)) {
    const stop = turn.querySelector<HTMLElement>(STOP);
    if (stop !== null) return stop;
  }
  return null;
}
