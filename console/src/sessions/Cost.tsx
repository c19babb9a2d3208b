import { Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import type { CostItem } from "../api/sessions";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { Section } from "../ui/Section";
import { SkeletonRows } from "../ui/SkeletonRows";
import { Table } from "../ui/Table";
import { useFigure } from "../ui/useFigure";
import { costQuery } from "./queries";
import { Refusal } from "./Refusal";

/** Enough for what one turn costs. */
const DECIMALS = 4;

export function Cost({ sessionId }: { sessionId: string }) {
  const { cost: text } = useText().session;
  const { data, error, isPending } = useQuery(costQuery(useApi(), sessionId));
  return (
    <Section title={text.title}>
      {isPending && <SkeletonRows count={2} />}
      {error && <Refusal error={error} />}
      {data?.items.length === 0 && (
        <Text as="p" size="2" color="gray">
          {text.none}
        </Text>
      )}
      {data && data.items.length > 0 && <Items items={data.items} total={data.total_credits} />}
    </Section>
  );
}

function Items({ items, total }: { items: readonly CostItem[]; total: number }) {
  const { cost: text } = useText().session;
  const figure = useFigure();
  return (
    <Table
      label={text.title}
      columns={[text.service, text.quantity, { name: text.credits, className: "figure" }]}
      foot={
        <tr>
          <th scope="row" colSpan={2}>
            {text.total}
          </th>
          <td className="figure">{figure(total, DECIMALS)}</td>
        </tr>
      }
    >
      {items.map((item) => (
        <tr key={`${item.service} ${item.model}`}>
          <th scope="row">
            {text.services[item.service]}
            <Text as="div" size="1" color="gray">
              {item.model}
            </Text>
          </th>
          <td className="wrapped">
            <Quantity item={item} />
          </td>
          <td className="figure">{figure(item.credits, DECIMALS)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** In what the service is paid by. */
function Quantity({ item }: { item: CostItem }) {
  const { cost: text } = useText().session;
  const figure = useFigure();
  switch (item.service) {
    case "stt":
      return text.seconds(figure(item.audio_seconds, 1));
    case "llm":
      return text.tokens(figure(item.input_tokens), figure(item.output_tokens));
    case "tts":
      return text.characters(figure(item.characters));
  }
}
