import { MEASURED_STAGES, type MeasuredStage } from "../api/latency";
import { useCatalog } from "../api/useCatalog";
import { RangeField } from "../range/RangeField";
import { useText } from "../text/useText";
import { AnyField } from "../ui/AnyField";
import { SelectField } from "../ui/SelectField";
import { useStage } from "./useStage";
import type { View } from "./view";
import "../ui/filters.css";

interface ViewBarProps {
  view: View;
  onChange: (part: Partial<View>) => void;
}

/** Which stage of which turns. */
export function ViewBar({ view, onChange }: ViewBarProps) {
  const { filters, latency: text } = useText();
  const { catalog } = useCatalog();
  const stage = useStage();
  return (
    <section className="filters" aria-label={filters.label} data-open="true">
      <div className="filters-more">
        <SelectField
          label={text.stage}
          value={view.stage}
          choices={MEASURED_STAGES.map((id) => ({ id, label: stage(id).name }))}
          onChange={(id) => onChange({ stage: id as MeasuredStage })}
        />
        <RangeField open={false} range={view.range} onChange={(range) => onChange({ range })} />
        <AnyField
          label={text.by.model}
          value={view.llm_model}
          choices={(catalog?.models ?? []).map(({ id, name }) => ({ id, label: name }))}
          onChange={(llm_model) => onChange({ llm_model })}
        />
        <AnyField
          label={text.by.voice}
          value={view.voice}
          choices={(catalog?.voices ?? []).map(({ id }) => ({ id, label: id }))}
          onChange={(voice) => onChange({ voice })}
        />
        <AnyField
          label={text.by.language}
          value={view.language}
          choices={(catalog?.languages ?? []).map(({ id, name }) => ({ id, label: name }))}
          onChange={(language) => onChange({ language })}
        />
      </div>
    </section>
  );
}
