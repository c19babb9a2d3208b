import { Text } from "@radix-ui/themes";
import { Fragment } from "react";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { holds } from "../turns/axis";
import { longestWaits, type Wait } from "../turns/waiting";
import { formatMilliseconds } from "../ui/duration";
import { Section } from "../ui/Section";
import { useFaultName } from "./useFaultName";
import "./waited.css";

const SHOWN = 3;

interface WaitedProps {
  turns: readonly Turn[];
  onChoose: (turnIndex: number) => void;
}

/** The slowest answers, told in words. */
export function Waited({ turns, onChoose }: WaitedProps) {
  const { waited: text } = useText();
  const waits = longestWaits(turns, SHOWN);
  if (waits.length === 0) return null;
  return (
    <Section title={text.title}>
      <ol className="waits">
        {waits.map((wait) => (
          <WaitLine key={wait.turn.turn_index} wait={wait} onChoose={onChoose} />
        ))}
      </ol>
      <Text as="p" size="1" color="gray">
        {text.meaning}
      </Text>
    </Section>
  );
}

function WaitLine({ wait, onChoose }: { wait: Wait; onChoose: (turnIndex: number) => void }) {
  const { turns, waited: text } = useText();
  const faultName = useFaultName();
  const { turn, lengthMs, parts } = wait;
  const most = Math.max(...parts.map(({ ms }) => ms));
  const tools = new Set((turn.tool_calls ?? []).map(({ name }) => name));
  const faults = (turn.faults ?? []).filter(({ at_ms: atMs }) => holds(wait, atMs));
  return (
    <li>
      <button type="button" className="wait-turn" onClick={() => onChoose(turn.turn_index)}>
        {turns.latency.turn(turn.turn_index)}
      </button>{" "}
      {text.waited(formatMilliseconds(lengthMs))}{" "}
      {parts.map(({ cause, ms }, place) => {
        const words = text.causes[cause](formatMilliseconds(ms), [...tools].join(", "));
        return (
          <Fragment key={cause}>
            {place > 0 && ", "}
            {ms === most ? <b>{words}</b> : words}
          </Fragment>
        );
      })}
      {faults.map((fault, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the faults of a turn that is over never change
        <Text as="p" key={place} size="1" color="amber">
          {faultName(fault)}
        </Text>
      ))}
    </li>
  );
}
