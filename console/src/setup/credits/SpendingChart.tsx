import { Card, Text } from "@radix-ui/themes";
import type { UsageItem } from "../../api/usage";
import { useText } from "../../text/useText";
import { useFigure } from "../../ui/useFigure";
import { credits } from "../amount";
import { type Spending, spendingOf } from "./spending";

/** What each service cost, a bar each, and its models with what they are paid by. */
export function SpendingChart({ items }: { items: readonly UsageItem[] }) {
  const { usage: text } = useText().credits;
  if (items.length === 0) {
    return (
      <Text as="p" size="2" color="gray">
        {text.nothing}
      </Text>
    );
  }
  return (
    <Card size="2">
      <ul className="spending" aria-label={text.byService}>
        {spendingOf(items).map((spending) => (
          <ServiceBar key={spending.service} of={spending} />
        ))}
      </ul>
    </Card>
  );
}

function ServiceBar({ of: { service, credits: spent, share, items } }: { of: Spending }) {
  const { services } = useText().credits;
  const figure = useFigure();
  return (
    <li>
      <div className="spending-head">
        <Text size="2" weight="medium">
          {services[service]}
        </Text>
        <Text size="2" className="figure">
          {credits(spent)} · {figure(share * 100)} %
        </Text>
      </div>
      <span className="spending-bar" data-service={service} aria-hidden="true">
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
      <ul>
        {items.map((item) => (
          <li key={item.model} className="spending-head">
            <Text size="1" color="gray">
              {item.model} · <Quantity of={item} />
            </Text>
            <Text size="1" color="gray" className="figure">
              {credits(item.credits)}
            </Text>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Quantity({ of: item }: { of: UsageItem }) {
  const { usage: text } = useText().credits;
  const figure = useFigure();
  if (item.service === "stt") return text.heard(figure(item.audio_seconds / 60, 1));
  if (item.service === "tts") return text.spoken(figure(item.characters));
  return text.tokens(figure(item.input_tokens), figure(item.output_tokens));
}
