import {
  CheckCircledIcon,
  CrossCircledIcon,
  InfoCircledIcon,
  QuestionMarkCircledIcon,
} from "@radix-ui/react-icons";
import { Text } from "@radix-ui/themes";
import type { Check, Worker } from "../../api/status";
import { ListTable } from "../../lists/ListTable";
import { useText } from "../../text/useText";
import { DASH, formatMilliseconds } from "../../ui/duration";
import { labelOf } from "./labels";

/** `null`: nobody can tell. */
type Health = boolean | null;

interface CheckTableProps {
  checks: readonly Check[];
  /** Those that are there; `null`: nobody can tell. */
  workers: readonly Worker[] | null;
  isOld: boolean;
}

export function CheckTable({ checks, workers, isOld }: CheckTableProps) {
  const { doctor: text } = useText();
  const { columns } = text;
  return (
    <ListTable
      label={text.title}
      columns={[columns.name, columns.state, columns.version, columns.latency, columns.advice]}
    >
      {checks.map((check) => (
        <Row
          key={check.name}
          name={labelOf(check.name, text.names)}
          health={isOld ? null : check.ok}
          isStandIn={check.stand_in}
          version={check.version}
          latency={formatMilliseconds(check.latency_ms)}
          advice={check.hint ?? (check.stand_in ? text.standIn : null)}
        />
      ))}
      <Row
        name={text.worker.name}
        health={isOld || workers === null ? null : workers.length > 0}
        version={null}
        latency={DASH}
        advice={workers?.length ? text.worker.places(workers) : text.worker.advice}
      />
    </ListTable>
  );
}

interface RowProps {
  name: string;
  health: Health;
  isStandIn?: boolean;
  version: string | null;
  latency: string;
  advice: string | null;
}

function Row({ name, health, isStandIn = false, version, latency, advice }: RowProps) {
  const { columns } = useText().doctor;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={columns.state}>
        <HealthWord of={health} isStandIn={isStandIn} />
      </td>
      <td data-label={columns.version}>{version ?? DASH}</td>
      <td data-label={columns.latency}>{latency}</td>
      <td data-label={columns.advice} className="words">
        {advice ?? DASH}
      </td>
    </tr>
  );
}

function HealthWord({ of: health, isStandIn }: { of: Health; isStandIn: boolean }) {
  const { states } = useText().doctor;
  if (health === null) {
    return (
      <Text color="gray" className="health">
        <QuestionMarkCircledIcon aria-hidden /> {states.unknown}
      </Text>
    );
  }
  if (health && isStandIn) {
    return (
      <Text color="amber" className="health">
        <InfoCircledIcon aria-hidden /> {states.standIn}
      </Text>
    );
  }
  return (
    <Text color={health ? "green" : "red"} className="health">
      {health ? <CheckCircledIcon aria-hidden /> : <CrossCircledIcon aria-hidden />}
      {health ? states.ok : states.away}
    </Text>
  );
}
