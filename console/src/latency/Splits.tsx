import { Button } from "@radix-ui/themes";
import type { LatencyGroup } from "../api/latency";
import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { Section } from "../ui/Section";
import { Table } from "../ui/Table";
import { useFigure } from "../ui/useFigure";
import { PERCENTILES, slowestFirst } from "./series";
import { SPLITTINGS, type View } from "./view";

interface SplitsProps {
  groups: readonly LatencyGroup[];
  view: View;
  onChange: (part: Partial<View>) => void;
}

/** The same turns told apart by model, voice or language, the slowest first. */
export function Splits({ groups, view, onChange }: SplitsProps) {
  const { latency: text } = useText();
  const rows = slowestFirst(groups, view.stage);
  const longest = Math.max(1, ...rows.map(({ stages }) => stages[view.stage].p95 ?? 0));
  return (
    <Section title={text.by.label} aside={<By view={view} onChange={onChange} />}>
      <Table
        label={text.by[view.by]}
        columns={[
          text.by[view.by],
          ...[...PERCENTILES, text.turns].map((name) => ({ name, className: "figure" })),
        ]}
      >
        {rows.map((group) => (
          <Split
            key={group.group}
            group={group}
            view={view}
            longest={longest}
            onChange={onChange}
          />
        ))}
      </Table>
    </Section>
  );
}

function By({ view, onChange }: Omit<SplitsProps, "groups">) {
  const { by } = useText().latency;
  return (
    // biome-ignore lint/a11y/useSemanticElements: three buttons are no form, so no fieldset
    <div className="row" role="group" aria-label={by.label}>
      {SPLITTINGS.map((each) => (
        <Button
          key={each}
          size="1"
          variant={each === view.by ? "solid" : "soft"}
          color={each === view.by ? undefined : "gray"}
          aria-pressed={each === view.by}
          onClick={() => onChange({ by: each })}
        >
          {by[each]}
        </Button>
      ))}
    </div>
  );
}

interface SplitProps extends Omit<SplitsProps, "groups"> {
  group: LatencyGroup;
  longest: number;
}

function Split({ group: { group, stages }, view, longest, onChange }: SplitProps) {
  const { latency: text } = useText();
  const figure = useFigure();
  const measured = stages[view.stage];
  const share = (value: number | null) => ({ inlineSize: `${((value ?? 0) / longest) * 100}%` });
  const key = view.by === "model" ? "llm_model" : view.by;
  return (
    <tr>
      <th scope="row" className="split">
        {group === null ? (
          text.unknown
        ) : (
          <button type="button" title={text.only(group)} onClick={() => onChange({ [key]: group })}>
            {group}
          </button>
        )}
        <span className="split-track" aria-hidden="true">
          <span data-line="1" style={share(measured.p95)} />
          <span data-line="0" style={share(measured.p50)} />
        </span>
      </th>
      {PERCENTILES.map((percentile) => (
        <td key={percentile} className="figure">
          {formatMilliseconds(measured[percentile])}
        </td>
      ))}
      <td className="figure">{figure(measured.n)}</td>
    </tr>
  );
}
