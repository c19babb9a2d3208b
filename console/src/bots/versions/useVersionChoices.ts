import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import type { Choice } from "../../ui/SelectField";
import { versionListQuery } from "../queries";

interface VersionChoices {
  draft: Choice;
  published: Choice[];
  /** Why a version was published, by its name; of a draft nobody has said so yet. */
  notes: ReadonlyMap<string, string>;
}

/** A bot's versions to choose from, by their names: those that were published, the newest first. */
export function useVersionChoices(botId: string): VersionChoices {
  const { versions: text } = useText().bots;
  const { data } = useInfiniteQuery(versionListQuery(useApi(), botId));
  const rows = data?.rows ?? [];
  return {
    draft: { id: "draft", label: text.draft },
    published: rows.map(({ number }) => ({ id: String(number), label: text.numbered(number) })),
    notes: new Map(
      rows.flatMap(({ number, note }) => (note === null ? [] : [[`${number}`, note]])),
    ),
  };
}
