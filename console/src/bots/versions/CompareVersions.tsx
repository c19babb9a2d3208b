import { Text } from "@radix-ui/themes";
import { useState } from "react";
import type { Bot } from "../../api/bots";
import { type VersionName, versionNamed } from "../../api/versions";
import { useText } from "../../text/useText";
import { Dialog } from "../../ui/Dialog";
import { Problem } from "../../ui/Problem";
import { SelectField } from "../../ui/SelectField";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { DifferenceView } from "./DifferenceView";
import { useBotAt } from "./useBotAt";
import { useVersionChoices } from "./useVersionChoices";

interface CompareVersionsProps {
  bot: Bot;
  from: VersionName;
  to: VersionName;
  onClose: () => void;
}

/** What one version says otherwise than another; either can be chosen anew. */
export function CompareVersions({ bot, onClose, ...first }: CompareVersionsProps) {
  const { versions: text } = useText().bots;
  const [{ from, to }, choose] = useState({ from: first.from, to: first.to });
  const [before, after] = [useBotAt(bot.id, from), useBotAt(bot.id, to)];
  const problem = before.problem ?? after.problem;
  const { draft, published, notes } = useVersionChoices(bot.id);
  const choices = [draft, ...published];
  return (
    <Dialog title={text.difference} onClose={onClose}>
      <div className="stack">
        <div className="fields-two">
          <SelectField
            label={text.from}
            hint={notes.get(String(from))}
            value={String(from)}
            choices={choices}
            onChange={(id) => choose({ from: versionNamed(id) ?? from, to })}
          />
          <SelectField
            label={text.to}
            hint={notes.get(String(to))}
            value={String(to)}
            choices={choices}
            onChange={(id) => choose({ from, to: versionNamed(id) ?? to })}
          />
        </div>
        {problem && <Problem error={problem} />}
        {!problem && !(before.bot && after.bot) && <SkeletonRows count={4} />}
        {before.bot && after.bot && <DifferenceView before={before.bot} after={after.bot} />}
        <Text as="p" size="1" color="gray">
          {text.notCompared}
        </Text>
      </div>
    </Dialog>
  );
}
