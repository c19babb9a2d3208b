import { ChatBubbleIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { type Bot, changeBot, createBot } from "../api/bots";
import { useApi } from "../api/useApi";
import { useChange } from "../api/useChange";
import { useText } from "../text/useText";
import { useNotice } from "../ui/Notices";
import { BotForm } from "./BotForm";
import { draftOf, isComplete, NEW_BOT, requestOf } from "./draft";
import { botQuery } from "./queries";

/** Leads to the bot's own page, where it can be given documents. */
export function CreateBot() {
  const { bots: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(NEW_BOT);
  const create = useChange({
    send: () => createBot(api, requestOf(draft, null)),
    stale: ["bots", "list"],
    onDone: (bot) => {
      queries.setQueryData(botQuery(api, bot.id).queryKey, bot);
      tell(text.create.done(bot.name));
      navigate(`/bots/${bot.id}`, { replace: true });
    },
  });
  return (
    <BotForm
      draft={draft}
      submit={text.create.submit}
      change={create}
      problem={create.error}
      onDraft={setDraft}
    />
  );
}

export function EditBot({ of: bot }: { of: Bot }) {
  const { bots: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(() => draftOf(bot));
  const saving = {
    send: () => changeBot(api, bot.id, requestOf(draft, bot)),
    stale: ["bots", "list"],
  };
  const keep = (changed: Bot) => queries.setQueryData(botQuery(api, bot.id).queryKey, changed);
  const save = useChange({
    ...saving,
    onDone: (changed) => {
      keep(changed);
      setDraft(draftOf(changed));
      tell(text.edit.done(changed.name));
    },
  });
  const tryOut = useChange({
    ...saving,
    onDone: (changed) => {
      keep(changed);
      navigate(`/?bot=${bot.id}&version=draft`);
    },
  });
  return (
    <BotForm
      draft={draft}
      submit={text.edit.submit}
      change={save}
      problem={save.error ?? tryOut.error}
      also={
        bot.is_active && (
          <Button
            type="button"
            size="3"
            variant="soft"
            loading={tryOut.isPending}
            disabled={!isComplete(draft)}
            onClick={() => tryOut.mutate()}
          >
            <ChatBubbleIcon aria-hidden /> {text.edit.tryOut}
          </Button>
        )
      }
      onDraft={setDraft}
    />
  );
}
