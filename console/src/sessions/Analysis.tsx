import { Text } from "@radix-ui/themes";
import type { Analysis as Found, Session } from "../api/sessions";
import { useText } from "../text/useText";
import { Section } from "../ui/Section";
import { Outcome } from "./Outcome";
import "./details.css";

interface AnalysisProps {
  session: Session;
  of: Found;
}

/** What a model made of a session once it was over, or why it made nothing of it. */
export function Analysis({
  session,
  of: { status, error, summary, extracted, model },
}: AnalysisProps) {
  const { analysis: text } = useText().session;
  return (
    <Section title={text.title}>
      {status === "pending" && (
        <Text as="p" size="2" color="gray" role="status">
          {text.pending}
        </Text>
      )}
      {error && (
        <Text as="p" size="2" color="amber">
          {text.errors[error]}
        </Text>
      )}
      {status === "ready" && <Outcome session={session} />}
      {summary && (
        <Text as="p" size="2" dir="auto">
          {summary}
        </Text>
      )}
      {extracted && <Extracted fields={extracted} />}
      {model && (
        <Text as="p" size="1" color="gray">
          {text.by(model)}
        </Text>
      )}
    </Section>
  );
}

function Extracted({ fields }: { fields: Record<string, unknown> }) {
  return (
    <dl className="details">
      {Object.entries(fields).map(([name, value]) => (
        <div key={name}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
