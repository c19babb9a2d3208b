import { PlayIcon } from "@radix-ui/react-icons";
import { Badge, IconButton, Text } from "@radix-ui/themes";
import { useEffect, useId, useMemo, useRef } from "react";
import type { Turn } from "../api/turn";
import { HeardWords } from "../recording/HeardWords";
import type { Player } from "../recording/player";
import { useFollowedSound } from "../recording/useFollowedSound";
import { type HeardLine, useHeardLines } from "../recording/useHeardLines";
import { useText } from "../text/useText";
import { useFollowedEnd } from "../transcript/useFollowedEnd";
import { isGreeting } from "../turns/stages";
import { DASH, formatClock, formatMilliseconds } from "../ui/duration";
import type { Spoken } from "./live";
import { TurnRecord } from "./TurnRecord";
import "../transcript/transcript.css";
import "./exchanges.css";

interface ExchangesProps {
  turns: readonly Turn[];
  /** Words of exchanges that are going on. */
  spoken: readonly Spoken[];
  running: boolean;
  /** Where the session was recorded. */
  player: Player | null;
  chosen: number | null;
  onChoose: (turnIndex: number) => void;
  /** Plays it from its beginning. */
  onHear: (turnIndex: number) => void;
}

/** What was said, turn by turn, and what is being said. */
export function Exchanges(props: ExchangesProps) {
  const { turns, spoken, running, player, chosen, onChoose, onHear } = props;
  const { session, recording } = useText();
  const { transcript: text } = session;
  const about = useId();
  const said = useMemo(() => [turns, spoken], [turns, spoken]);
  const list = useFollowedEnd<HTMLOListElement>(said, running && chosen === null);
  const heard = useFollowedSound(player, turns, list);
  if (turns.length === 0 && spoken.length === 0) {
    return (
      <Text as="p" size="2" color="gray">
        {running ? text.empty : text.silent}
      </Text>
    );
  }
  return (
    <>
      {player && (
        <Text as="p" id={about} size="1" color="gray">
          {recording.byWord}
        </Text>
      )}
      <ol
        className="exchanges"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key
        tabIndex={0}
        aria-label={text.title}
        aria-describedby={player ? about : undefined}
      >
        {turns.map((turn) => (
          <Exchange
            key={turn.turn_index}
            turn={turn}
            player={player}
            heard={turn.turn_index === heard}
            chosen={turn.turn_index === chosen}
            onChoose={onChoose}
            onHear={onHear}
          />
        ))}
        {spoken.length > 0 && (
          <li className="exchange">
            {spoken.map(({ role, text: words, final }) => (
              <Words key={role} by={role} words={words} final={final} line={null} />
            ))}
          </li>
        )}
      </ol>
    </>
  );
}

interface ExchangeProps {
  turn: Turn;
  player: Player | null;
  heard: boolean;
  chosen: boolean;
  onChoose: (turnIndex: number) => void;
  /** Plays it from its beginning. */
  onHear: (turnIndex: number) => void;
}

/** Chosen elsewhere, it comes into sight within the list; the page stays where it is. */
function Exchange({ turn, player, heard, chosen, onChoose, onHear }: ExchangeProps) {
  const { turns, recording } = useText();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const [found, list] = [item.current, item.current?.parentElement];
    if (chosen && found && list) list.scrollTop = found.offsetTop - list.offsetTop;
  }, [chosen]);
  const { turn_index: index, started_at_ms: startedMs } = turn;
  const name = isGreeting(turn) ? turns.latency.greeting : turns.latency.turn(index);
  const lines = useHeardLines(turn, player);
  return (
    <li
      ref={item}
      className="exchange"
      data-turn={index}
      data-chosen={chosen}
      aria-current={heard || undefined}
    >
      <div className="exchange-head">
        <button
          type="button"
          className="exchange-choose figure"
          aria-pressed={chosen}
          onClick={() => onChoose(index)}
        >
          <span>{startedMs === null ? DASH : formatClock(startedMs / 1_000)}</span>
          <span>{name}</span>
          {turn.first_audio_ms !== null && (
            <b title={turns.latency.stages.first_audio_ms.meaning}>
              {formatMilliseconds(turn.first_audio_ms)}
            </b>
          )}
        </button>
        {player && (
          <IconButton
            variant="ghost"
            color="gray"
            radius="full"
            aria-label={recording.hear(name)}
            title={recording.hear(name)}
            onClick={() => onHear(index)}
          >
            <PlayIcon aria-hidden />
          </IconButton>
        )}
      </div>
      {!isGreeting(turn) && (
        <Words by="user" words={turn.user_transcript} final line={lines.caller} />
      )}
      <Words
        by="agent"
        words={turn.agent_response}
        final
        line={lines.agent}
        interrupted={turn.interrupted}
      />
      <TurnRecord turn={turn} />
    </li>
  );
}

interface WordsProps {
  by: Spoken["role"];
  words: string;
  final: boolean;
  /** The same words where they can be heard. */
  line: HeardLine | null;
  interrupted?: boolean;
}

function Words({ by, words, final, line, interrupted = false }: WordsProps) {
  const { session, turns } = useText();
  if (words === "" && !interrupted) return null;
  return (
    <div className="line" data-speaker={by === "user" ? "you" : "agent"} data-final={final}>
      <Text size="1" color="gray" weight="medium">
        {by === "user" ? session.transcript.caller : turns.transcript.speakers.agent}
        {!final && <span className="unseen">, {session.transcript.speaking}</span>}
      </Text>
      {words !== "" && (
        <Text as="p" size="3" dir="auto">
          {line ? <HeardWords line={line} /> : words}
        </Text>
      )}
      {interrupted && (
        <Badge color="amber" size="1">
          {turns.transcript.interrupted}
        </Badge>
      )}
    </div>
  );
}
