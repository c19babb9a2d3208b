import { useEffect } from "react";
import { useSearch } from "wouter";
import type { Bot } from "../api/bots";
import type { ApiError } from "../api/error";
import { type VersionName, versionNamed } from "../api/versions";
import { useBotAt } from "../bots/versions/useBotAt";
import { isOf, withBot, withoutBot } from "./draft";
import { useTalking } from "./TalkProvider";

interface ChosenBot {
  bot: Bot | undefined;
  version: VersionName | null;
  problem: ApiError | null;
}

/**
 * The bot that the address names, `/?bot=…`, as it serves or as its `version=…` has it: the form
 * takes it over, anew where it has changed, and lets go of it.
 */
export function useChosenBot(): ChosenBot {
  const params = new URLSearchParams(useSearch());
  const id = params.get("bot") ?? "";
  const version = versionNamed(params.get("version") ?? "");
  const { draft, setDraft } = useTalking();
  const { bot, problem } = useBotAt(id, version);
  useEffect(() => {
    if (id === "" && draft.botId !== "") setDraft(withoutBot(draft));
    if (bot && !isOf(draft, bot, version)) setDraft(withBot(draft, bot, version));
  }, [id, version, bot, draft, setDraft]);
  return { bot, version, problem };
}
