import { Text } from "@radix-ui/themes";
import { useState } from "react";
import type { Bot } from "../../api/bots";
import { useApi } from "../../api/useApi";
import type { VersionName } from "../../api/versions";
import { PagedList } from "../../lists/PagedList";
import { useText } from "../../text/useText";
import { Section } from "../../ui/Section";
import { versionListQuery } from "../queries";
import { CompareVersions } from "./CompareVersions";
import { RestoreVersion } from "./RestoreVersion";
import { VersionTable } from "./VersionTable";
import "./versions.css";

export type VersionAsk =
  | { ask: "compare"; from: VersionName; to: VersionName }
  | { ask: "restore"; number: number };

interface VersionsProps {
  of: Bot;
  /** A version was made the draft, in the place of what the form shows. */
  onRestored: () => void;
}

/** What served, what serves, and what is to serve next. */
export function Versions({ of: bot, onRestored }: VersionsProps) {
  const { versions: text } = useText().bots;
  const [asked, setAsked] = useState<VersionAsk | null>(null);
  const close = () => setAsked(null);
  return (
    <Section title={text.title}>
      <Text as="p" size="2" color="gray">
        {text.lead}
      </Text>
      <PagedList query={versionListQuery(useApi(), bot.id)} empty={null}>
        {(versions) => <VersionTable bot={bot} versions={versions} onAsk={setAsked} />}
      </PagedList>
      {asked?.ask === "compare" && (
        <CompareVersions bot={bot} from={asked.from} to={asked.to} onClose={close} />
      )}
      {asked?.ask === "restore" && (
        <RestoreVersion bot={bot} number={asked.number} onDone={onRestored} onClose={close} />
      )}
    </Section>
  );
}
