import { Fragment, useMemo } from "react";
import type { Span } from "../turns/placing";
import type { Player } from "./player";
import { usePlayer } from "./usePlayer";
import { placeWords, wordAt } from "./words";
import "./recording.css";

interface HeardWordsProps {
  words: string;
  span: Span;
  player: Player;
}

/** Words that light up as they are heard, and play from where one clicks. */
export function HeardWords({ words, span, player }: HeardWordsProps) {
  const { fromMs, toMs } = span;
  const placed = useMemo(() => placeWords(words, { fromMs, toMs }), [words, fromMs, toMs]);
  const heard = usePlayer(player, ({ atMs }) => wordAt(placed, { fromMs, toMs }, atMs));
  return placed.map(({ word, atMs }, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of a turn that is over never change
    <Fragment key={place}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys have the turn's button */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: and the slider */}
      <span
        className="heard-word"
        data-heard={place === heard}
        onClick={() => player.playFrom(atMs)}
      >
        {word}
      </span>{" "}
    </Fragment>
  ));
}
