import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { type Bot, changeBot, createBot } from "../../api/bots";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { useNotice } from "../../ui/Notices";
import { BotForm } from "./BotForm";
import { draftOf, NEW_BOT, requestOf } from "./draft";
import { botQuery } from "./queries";

/** Leads to the bot's own page, where it can be given documents. */
export function CreateBot() {
  const { bots: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(NEW_BOT);
  const create = useMutation({
    mutationFn: () => createBot(api, requestOf(draft, null)),
    onSuccess: (bot) => {
      queries.setQueryData(botQuery(api, bot.id).queryKey, bot);
      void queries.invalidateQueries({ queryKey: ["bots", "list"] });
      tell(text.create.done(bot.name));
      navigate(`/setup/bots/${bot.id}`, { replace: true });
    },
  });
  return (
    <BotForm
      draft={draft}
      submit={text.create.submit}
      pending={create.isPending}
      problem={create.error}
      onDraft={setDraft}
      onSubmit={() => create.mutate()}
    />
  );
}

export function EditBot({ of: bot }: { of: Bot }) {
  const { bots: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const [draft, setDraft] = useState(() => draftOf(bot));
  const change = useMutation({
    mutationFn: () => changeBot(api, bot.id, requestOf(draft, bot)),
    onSuccess: (changed) => {
      queries.setQueryData(botQuery(api, bot.id).queryKey, changed);
      setDraft(draftOf(changed));
      void queries.invalidateQueries({ queryKey: ["bots", "list"] });
      tell(text.edit.done(changed.name));
    },
  });
  return (
    <BotForm
      draft={draft}
      submit={text.edit.submit}
      pending={change.isPending}
      problem={change.error}
      onDraft={setDraft}
      onSubmit={() => change.mutate()}
    />
  );
}
