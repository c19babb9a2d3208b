import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Bot } from "../../api/bots";
import type { ApiClient } from "../../api/client";
import { useApi } from "../../api/useApi";
import { useChange } from "../../api/useChange";
import { publishBot, restoreVersion } from "../../api/versions";
import { focusPage } from "../../lists/focusPage";
import { useText } from "../../text/useText";
import { CheckField } from "../../ui/CheckField";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";
import { botQuery } from "../queries";
import { NoteField } from "./NoteField";

interface RestoreVersionProps {
  bot: Bot;
  number: number;
  onDone: () => void;
  onClose: () => void;
}

/** Goes back to a version: into the draft, and from there to serve where that is wanted at once. */
export function RestoreVersion({ bot, number, onDone, onClose }: RestoreVersionProps) {
  const { versions } = useText().bots;
  const { restore: text } = versions;
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const [publishes, setPublishes] = useState(false);
  const [note, setNote] = useState("");
  const restore = useChange({
    send: (api) => goBack(api, bot.id, number, publishes ? note : null),
    stale: ["bots"],
    onDone: ({ bot: restored, serving }) => {
      queries.setQueryData(botQuery(api, bot.id).queryKey, restored);
      onDone();
      onClose();
      tell(serving === null ? text.done(number) : versions.published(serving));
    },
    onFresh: focusPage,
  });
  return (
    <Confirm
      title={text.title(number)}
      body={bot.has_unpublished_changes ? text.loses : text.body}
      action={text.submit}
      change={restore}
      onClose={onClose}
    >
      <CheckField
        label={text.publish}
        hint={text.publishHint}
        checked={publishes}
        onChange={setPublishes}
      />
      {publishes && <NoteField value={note} problem={restore.error} onChange={setNote} />}
    </Confirm>
  );
}

interface WentBack {
  bot: Bot;
  /** The version that was made of it; `null` where nothing was published. */
  serving: number | null;
}

/** `note`: why it is published; `null` where it is not. */
async function goBack(
  api: ApiClient,
  botId: string,
  number: number,
  note: string | null,
): Promise<WentBack> {
  const bot = await restoreVersion(api, botId, number);
  if (note === null) return { bot, serving: null };
  const { number: serving } = await publishBot(api, botId, note);
  return { bot: { ...bot, version: serving, has_unpublished_changes: false }, serving };
}
