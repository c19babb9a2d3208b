import { InfoCircledIcon } from "@radix-ui/react-icons";
import { Callout, Code } from "@radix-ui/themes";
import type { Session, Substitution } from "../api/sessions";
import { useText } from "../text/useText";
import { Section } from "../ui/Section";
import "./details.css";

/** What was resolved and what came along; the names are the API's own. */
export function Details({ session }: { session: Session }) {
  const { details: text } = useText().session;
  const { substitutions: _, ...config } = session.config;
  const rows = [
    [text.id, session.id],
    ...(session.bot_id === null ? [] : [[text.bot, session.bot_id]]),
    ...Object.entries(config).map(([name, value]) => [name, written(value)]),
  ];
  return (
    <Section title={text.title}>
      <dl className="details">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
      {session.metadata !== null && Object.keys(session.metadata).length > 0 && (
        <details className="as-table">
          <summary>{text.metadata}</summary>
          <pre className="metadata">
            <Code variant="ghost">{JSON.stringify(session.metadata, null, 2)}</Code>
          </pre>
        </details>
      )}
    </Section>
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What the providers could not serve as it was asked for. */
export function Substitutions({ list }: { list: readonly Substitution[] }) {
  const { details: text } = useText().session;
  return (
    <Callout.Root color="amber" size="1">
      <Callout.Icon>
        <InfoCircledIcon />
      </Callout.Icon>
      <Callout.Text weight="medium">{text.substitutions}</Callout.Text>
      {list.map(({ field, requested, served, reason }) => (
        <Callout.Text key={`${field} ${requested} ${served}`}>
          {text.substitution(field, requested, served)} {reason}
        </Callout.Text>
      ))}
    </Callout.Root>
  );
}
