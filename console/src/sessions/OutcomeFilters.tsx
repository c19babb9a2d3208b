import type { Bot } from "../api/bots";
import { ENUMS } from "../api/enums";
import { useVersionChoices } from "../bots/versions/useVersionChoices";
import { useText } from "../text/useText";
import { AnyField } from "../ui/AnyField";
import type { Filters } from "./filters";

interface FilterProps {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}

/** Of the bot that is looked for, one version. */
export function VersionFilter({ filters, onChange }: FilterProps) {
  const { sessions } = useText();
  const { draft, published } = useVersionChoices(filters.bot_id);
  return (
    <AnyField
      label={sessions.columns.version}
      value={filters.bot_version}
      choices={[...published, draft]}
      onChange={(bot_version) => onChange({ bot_version })}
    />
  );
}

/** What an analysis found; where no bot asks for one, only what is looked for already. */
export function OutcomeFilters({
  bots,
  filters,
  onChange,
}: FilterProps & { bots: readonly Bot[] }) {
  const { sessions: text } = useText();
  const wishes = bots.flatMap(({ config }) => config.analysis ?? []);
  const dispositions = [...new Set(wishes.flatMap((wish) => wish.dispositions ?? []))];
  const fields = [
    {
      name: "disposition",
      choices: dispositions.map((id) => ({ id, label: id })),
    },
    {
      name: "sentiment",
      choices: ENUMS.SessionSentiment.map((id) => ({ id, label: text.sentiments[id] })),
    },
    {
      name: "goal_met",
      choices: (["true", "false"] as const).map((id) => ({ id, label: text.goal[id] })),
    },
  ] as const;
  return fields.map(
    ({ name, choices }) =>
      (wishes.length > 0 || filters[name] !== "") && (
        <AnyField
          key={name}
          label={text.columns[name]}
          value={filters[name]}
          choices={choices}
          onChange={(id) => onChange({ [name]: id })}
        />
      ),
  );
}
