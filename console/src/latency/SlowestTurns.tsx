import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { SlowTurn } from "../api/latency";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { DASH, formatMilliseconds } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { Problem } from "../ui/Problem";
import { Section } from "../ui/Section";
import { SkeletonRows } from "../ui/SkeletonRows";
import { shortId } from "../ui/shortId";
import { Table } from "../ui/Table";
import { slowestQuery } from "./queries";
import { useStage } from "./useStage";
import type { View } from "./view";

/** Each leads to its session, at that very turn. */
export function SlowestTurns({ view }: { view: View }) {
  const { latency: text } = useText();
  const { data, error, isPending, refetch } = useQuery(slowestQuery(useApi(), view));
  return (
    <Section title={text.slowest.title}>
      {isPending && <SkeletonRows count={5} />}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data && <SlowestTable turns={data} view={view} />}
    </Section>
  );
}

function SlowestTable({ turns, view }: { turns: readonly SlowTurn[]; view: View }) {
  const { latency: text } = useText();
  const stage = useStage();
  return (
    <Table
      label={text.slowest.title}
      columns={[
        text.slowest.session,
        { name: stage(view.stage).name, className: "figure" },
        text.time,
        text.by.model,
        text.by.voice,
        text.by.language,
      ]}
    >
      {turns.map((turn) => (
        <tr key={`${turn.session_id} ${turn.turn_index}`}>
          <th scope="row">
            <Link href={`/sessions/${turn.session_id}?turn=${turn.turn_index}`}>
              {text.slowest.turn(shortId(turn.session_id), turn.turn_index)}
            </Link>
          </th>
          <td className="figure">{formatMilliseconds(turn.stages[view.stage])}</td>
          <td>
            <Moment at={turn.created_at} />
          </td>
          <td>{turn.llm_model ?? DASH}</td>
          <td>{turn.voice ?? DASH}</td>
          <td>{turn.language ?? DASH}</td>
        </tr>
      ))}
    </Table>
  );
}
