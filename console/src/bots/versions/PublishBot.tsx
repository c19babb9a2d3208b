import { Button, Text } from "@radix-ui/themes";
import { type FormEvent, useState } from "react";
import type { Bot } from "../../api/bots";
import { useChange } from "../../api/useChange";
import { publishBot } from "../../api/versions";
import { focusPage } from "../../lists/focusPage";
import { useText } from "../../text/useText";
import { useNotice } from "../../ui/Notices";
import { Problem } from "../../ui/Problem";
import { NoteField } from "./NoteField";

/** Which version serves, and a way to have the saved changes serve. */
export function PublishBot({ of: bot }: { of: Bot }) {
  const { versions: text } = useText().bots;
  return (
    <div className="serving">
      <Text as="p" size="2" color="gray">
        {text.serves(bot.version)}
        {bot.has_unpublished_changes && ` ${text.waiting}`}
      </Text>
      {bot.has_unpublished_changes && <Publish of={bot} />}
    </div>
  );
}

function Publish({ of: bot }: { of: Bot }) {
  const { versions: text } = useText().bots;
  const tell = useNotice();
  const [note, setNote] = useState("");
  const publish = useChange({
    send: (api) => publishBot(api, bot.id, note),
    stale: ["bots"],
    onDone: ({ number }) => tell(text.published(number)),
    onFresh: focusPage,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    publish.mutate();
  };
  return (
    <form className="publish" onSubmit={send}>
      <NoteField value={note} problem={publish.error} onChange={setNote} />
      <Button type="submit" loading={publish.isPending}>
        {text.publish}
      </Button>
      {publish.error && <Problem error={publish.error} />}
    </form>
  );
}
