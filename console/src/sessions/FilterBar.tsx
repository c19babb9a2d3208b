import { MagnifyingGlassIcon, MixerHorizontalIcon } from "@radix-ui/react-icons";
import { Button, TextField } from "@radix-ui/themes";
import { useState } from "react";
import { ENUMS } from "../api/enums";
import { type EndReason, SESSION_STATUSES, type SessionStatus } from "../api/sessions";
import { useCatalog } from "../api/useCatalog";
import { useListedBots } from "../api/useListedBots";
import { RangeField } from "../range/RangeField";
import { useText } from "../text/useText";
import { AnyField } from "../ui/AnyField";
import { Field } from "../ui/Field";
import { useDelayed } from "../ui/useDelayed";
import { countSet, type Filters, NO_FILTERS } from "./filters";
import { OutcomeFilters, VersionFilter } from "./OutcomeFilters";
import "../ui/filters.css";

interface FilterBarProps {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}

/** What narrows the list down. A phone shows the search, and the rest on demand. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { filters: text } = useText();
  const [open, setOpen] = useState(false);
  const count = countSet(filters);
  return (
    <section className="filters" aria-label={text.label} data-open={open}>
      <Search filters={filters} onChange={onChange} />
      <Button
        variant="surface"
        color="gray"
        className="filters-toggle"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <MixerHorizontalIcon aria-hidden />
        {text.toggle(count)}
      </Button>
      <Narrowing filters={filters} onChange={onChange} />
      {count > 0 && (
        <Button variant="soft" color="gray" onClick={() => onChange(NO_FILTERS)}>
          {text.clear}
        </Button>
      )}
    </section>
  );
}

function Search({ filters, onChange }: FilterBarProps) {
  const { sessions: text } = useText();
  const [words, setWords] = useDelayed(filters.q, (q) => onChange({ q }));
  return (
    <div className="filters-search">
      <Field label={text.search}>
        {(control) => (
          <TextField.Root
            {...control}
            type="search"
            maxLength={200}
            title={text.searchHint}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          >
            <TextField.Slot>
              <MagnifyingGlassIcon aria-hidden />
            </TextField.Slot>
          </TextField.Root>
        )}
      </Field>
    </div>
  );
}

function Narrowing({ filters, onChange }: FilterBarProps) {
  const { sessions: text } = useText();
  const { catalog } = useCatalog();
  const bots = useListedBots(filters.bot_id !== "");
  return (
    <div className="filters-more">
      <AnyField
        label={text.columns.status}
        value={filters.status}
        choices={SESSION_STATUSES.map((id) => ({ id, label: text.statuses[id] }))}
        onChange={(id) => onChange({ status: id as SessionStatus | "" })}
      />
      <AnyField
        label={text.columns.ended}
        value={filters.end_reason}
        choices={ENUMS.EndReason.map((id) => ({ id, label: text.reasons[id] }))}
        onChange={(id) => onChange({ end_reason: id as EndReason | "" })}
      />
      {(bots.length > 0 || filters.bot_id !== "") && (
        <AnyField
          label={text.columns.bot}
          value={filters.bot_id}
          choices={bots.map(({ id, name }) => ({ id, label: name }))}
          onChange={(bot_id) => onChange({ bot_id, bot_version: "" })}
        />
      )}
      {filters.bot_id !== "" && <VersionFilter filters={filters} onChange={onChange} />}
      <OutcomeFilters bots={bots} filters={filters} onChange={onChange} />
      <AnyField
        label={text.columns.language}
        value={filters.language}
        choices={(catalog?.languages ?? []).map(({ id, name }) => ({ id, label: name }))}
        onChange={(language) => onChange({ language })}
      />
      <AnyField
        label={text.columns.voice}
        value={filters.voice}
        choices={(catalog?.voices ?? []).map(({ id }) => ({ id, label: id }))}
        onChange={(voice) => onChange({ voice })}
      />
      <AnyField
        label={text.columns.model}
        value={filters.llm_model}
        choices={(catalog?.models ?? []).map(({ id, name }) => ({ id, label: name }))}
        onChange={(llm_model) => onChange({ llm_model })}
      />
      <RangeField open range={filters.range} onChange={(range) => onChange({ range })} />
    </div>
  );
}
