import { Badge, Card, Heading } from "@radix-ui/themes";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { Table } from "../ui/Table";
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

export function PlainTurnTable({ turns, caller }: PlainTurnTableProps) {
  const text = useText();
  return (
    <Table
      label={text.turns.table.title}
      columns={[
        text.turns.table.index,
        caller,
        text.turns.transcript.speakers.agent,
        ...[
          ...STAGES.map(({ key }) => text.turns.latency.stages[key].name),
          text.turns.table.total,
        ].map((name) => ({ name, className: "figure" })),
        text.talk.form.model,
      ]}
    >
      {turns.map((turn) => (
        <TurnRow key={turn.turn_index} turn={turn} />
      ))}
    </Table>
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
