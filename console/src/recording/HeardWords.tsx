import { Fragment, type KeyboardEvent } from "react";
import type { HeardLine } from "./useHeardLines";
import { usePlayer } from "./usePlayer";
import { wordAt } from "./words";
import "./recording.css";

/**
 * Words that light up as they are heard, and play from where one clicks. One of them is a button:
 * so a turn is one stop of the keyboard, and is read aloud as the text that it is.
 */
export function HeardWords({ line }: { line: HeardLine }) {
  const { player, span, words, reached, onReach, onKey } = line;
  const heard = usePlayer(player, ({ atMs }) => wordAt(words, span, atMs));
  return words.map(({ word, atMs }, place) => {
    const play = () => player.playFrom(atMs);
    const asButton = place === reached && {
      role: "button",
      tabIndex: 0,
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => onKey(event, play),
    };
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the words of a turn that is over never change
      <Fragment key={place}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keys have the one that is a button */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: and it takes them */}
        <span
          className="heard-word"
          data-heard={place === heard}
          onClick={() => {
            onReach(place);
            play();
          }}
          {...asButton}
        >
          {word}
        </span>{" "}
      </Fragment>
    );
  });
}
