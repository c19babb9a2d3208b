import { Badge, Card, Heading, Table } from "@radix-ui/themes";
import type { Turn } from "../api/turn";
import { text } from "../text/text";
import { formatMilliseconds } from "./duration";
import { STAGES } from "./stages";

/** Every turn of a conversation, words and figures. */
export function TurnTable({ turns }: { turns: readonly Turn[] }) {
  return (
    <Card size="2" asChild>
      <section className="turn-table" aria-label={text.table.title}>
        <Heading as="h2" size="4">
          {text.table.title}
        </Heading>
        <Table.Root size="1">
          <Table.Header>
            <Table.Row>
              <Table.ColumnHeaderCell>{text.table.index}</Table.ColumnHeaderCell>
              <Table.ColumnHeaderCell>{text.transcript.speakers.you}</Table.ColumnHeaderCell>
              <Table.ColumnHeaderCell>{text.transcript.speakers.agent}</Table.ColumnHeaderCell>
              {STAGES.map(({ key }) => (
                <Table.ColumnHeaderCell key={key} justify="end">
                  {text.latency.stages[key].name}
                </Table.ColumnHeaderCell>
              ))}
              <Table.ColumnHeaderCell justify="end">{text.table.total}</Table.ColumnHeaderCell>
              <Table.ColumnHeaderCell>{text.form.model}</Table.ColumnHeaderCell>
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {turns.map((turn) => (
              <TurnRow key={turn.turn_index} turn={turn} />
            ))}
          </Table.Body>
        </Table.Root>
      </section>
    </Card>
  );
}

function TurnRow({ turn }: { turn: Turn }) {
  return (
    <Table.Row>
      <Table.RowHeaderCell>{turn.turn_index}</Table.RowHeaderCell>
      <Table.Cell className="words">{turn.user_transcript}</Table.Cell>
      <Table.Cell className="words">
        {turn.agent_response}{" "}
        {turn.interrupted && <Badge color="amber">{text.transcript.interrupted}</Badge>}
      </Table.Cell>
      {STAGES.map(({ key }) => (
        <Table.Cell key={key} justify="end" className="figure">
          {formatMilliseconds(turn[key])}
        </Table.Cell>
      ))}
      <Table.Cell justify="end" className="figure">
        {formatMilliseconds(turn.total_ms)}
      </Table.Cell>
      <Table.Cell>{turn.llm_model}</Table.Cell>
    </Table.Row>
  );
}
