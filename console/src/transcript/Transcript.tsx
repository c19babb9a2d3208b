import { Badge, Card, Heading, Text } from "@radix-ui/themes";
import { useText } from "../text/useText";
import type { ShownLine } from "./lines";
import { SayForm, type SayFormProps } from "./SayForm";
import { useFollowedEnd } from "./useFollowedEnd";
import "./transcript.css";

interface TranscriptProps {
  lines: readonly ShownLine[];
  /** `null` once nobody listens any more. */
  say: SayFormProps | null;
}

export function Transcript({ lines, say }: TranscriptProps) {
  const text = useText();
  const lastFinal = lines.findLast((line) => line.final && line.speaker === "agent");
  return (
    <Card size="2" asChild>
      <section className="transcript" aria-label={text.turns.transcript.title}>
        <Heading as="h2" size="4">
          {text.turns.transcript.title}
        </Heading>
        <Lines lines={lines} live={say !== null} />
        {/* Partials change many times a second: read aloud is only what is settled. */}
        <p className="unseen" aria-live="polite">
          {lastFinal && `${text.turns.transcript.speakers.agent}: ${lastFinal.text}`}
        </p>
        {say !== null && <SayForm {...say} />}
      </section>
    </Card>
  );
}

function Lines({ lines, live }: { lines: readonly ShownLine[]; live: boolean }) {
  const text = useText();
  const list = useFollowedEnd<HTMLOListElement>(lines);
  if (lines.length === 0) {
    return (
      <Text as="p" size="2" color="gray" className="lines">
        {live ? text.turns.transcript.empty : text.turns.transcript.silent}
      </Text>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key
    <ol className="lines" ref={list} tabIndex={0} aria-label={text.turns.transcript.lines}>
      {lines.map((line) => (
        <li key={line.id} className="line" data-speaker={line.speaker} data-final={line.final}>
          <Text size="1" color="gray" weight="medium">
            {text.turns.transcript.speakers[line.speaker]}
          </Text>
          <Text as="p" size="3" dir="auto">
            {line.text}
          </Text>
          {line.interrupted && (
            <Badge color="amber" size="1">
              {text.turns.transcript.interrupted}
            </Badge>
          )}
        </li>
      ))}
    </ol>
  );
}
