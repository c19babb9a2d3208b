import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import type { Choice } from "../../ui/SelectField";
import { versionListQuery } from "../queries";

/** A bot's versions to choose from, by their names: those that were published, the newest first. */
export function useVersionChoices(botId: string): { draft: Choice; published: Choice[] } {
  const { versions: text } = useText().bots;
  const { data } = useInfiniteQuery(versionListQuery(useApi(), botId));
  const rows = data?.rows ?? [];
  return {
    draft: { id: "draft", label: text.draft },
    published: rows.map(({ number }) => ({ id: String(number), label: text.numbered(number) })),
  };
}
