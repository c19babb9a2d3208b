import { Badge, Card, Heading } from "@radix-ui/themes";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { formatMilliseconds } from "./duration";
import { STAGES } from "./stages";

/** Every turn of a conversation, words and figures, in a frame of its own. */
export function TurnTable({ turns }: { turns: readonly Turn[] }) {
  const text = useText();
  return (
    <Card size="2" asChild>
      <section className="turn-table" aria-labelledby="turn-table">
        <Heading as="h2" size="4" id="turn-table">
          {text.turns.table.title}
        </Heading>
        <PlainTurnTable turns={turns} caller={text.turns.transcript.speakers.you} />
      </section>
    </Card>
  );
}

interface PlainTurnTableProps {
  turns: readonly Turn[];
  /** Who speaks with the agent. */
  caller: string;
}

/** A plain table: the one of Radix Themes writes a style element, which the page's policy refuses. */
export function PlainTurnTable({ turns, caller }: PlainTurnTableProps) {
  const text = useText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key
    <div className="table" tabIndex={0}>
      <table aria-label={text.turns.table.title}>
        <thead>
          <tr>
            <th scope="col">{text.turns.table.index}</th>
            <th scope="col">{caller}</th>
            <th scope="col">{text.turns.transcript.speakers.agent}</th>
            {STAGES.map(({ key }) => (
              <th key={key} scope="col" className="figure">
                {text.turns.latency.stages[key].name}
              </th>
            ))}
            <th scope="col" className="figure">
              {text.turns.table.total}
            </th>
            <th scope="col">{text.talk.form.model}</th>
          </tr>
        </thead>
        <tbody>
          {turns.map((turn) => (
            <TurnRow key={turn.turn_index} turn={turn} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TurnRow({ turn }: { turn: Turn }) {
  const text = useText();
  return (
    <tr>
      <th scope="row">{turn.turn_index}</th>
      <td className="words">{turn.user_transcript}</td>
      <td className="words">
        {turn.agent_response}{" "}
        {turn.interrupted && <Badge color="amber">{text.turns.transcript.interrupted}</Badge>}
      </td>
      {STAGES.map(({ key }) => (
        <td key={key} className="figure">
          {formatMilliseconds(turn[key])}
        </td>
      ))}
      <td className="figure">{formatMilliseconds(turn.total_ms)}</td>
      <td>{turn.llm_model}</td>
    </tr>
  );
}
