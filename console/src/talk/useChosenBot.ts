import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useSearch } from "wouter";
import type { Bot } from "../api/bots";
import type { ApiError } from "../api/error";
import { useApi } from "../api/useApi";
import { botQuery } from "../bots/queries";
import { withBot } from "./draft";
import { useTalking } from "./TalkProvider";

interface ChosenBot {
  bot: Bot | undefined;
  problem: ApiError | null;
}

/** The bot that the address names, `/?bot=…`: the form takes it over once, and lets go of it. */
export function useChosenBot(): ChosenBot {
  const id = new URLSearchParams(useSearch()).get("bot") ?? "";
  const api = useApi();
  const { draft, setDraft } = useTalking();
  const { data: bot, error } = useQuery({ ...botQuery(api, id), enabled: id !== "" });
  useEffect(() => {
    if (id === "" && draft.botId !== "") setDraft({ ...draft, botId: "" });
    if (bot && draft.botId !== bot.id) setDraft(withBot(draft, bot));
  }, [id, bot, draft, setDraft]);
  return { bot, problem: error };
}
