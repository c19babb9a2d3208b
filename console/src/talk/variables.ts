import type { Bot } from "../api/bots";
import type { Draft } from "./draft";

/** As the API finds them. */
const PLACEHOLDER = /\{\{\s*([\p{L}\p{N}_.-]+)\s*\}\}/gu;

export interface WantedVariable {
  name: string;
  /** The bot's own; `null` where a value has to be given. */
  value: string | null;
}

/** What the session's prompt and greeting, be they the bot's, want filled in. */
export function wantedVariables(draft: Draft, bot: Bot | undefined): WantedVariable[] {
  const prompt = draft.systemPrompt.trim() === "" ? bot?.system_prompt : draft.systemPrompt;
  const greeting = draft.greeting.trim() === "" ? bot?.config.greeting : draft.greeting;
  const found = `${prompt ?? ""}\n${greeting ?? ""}`.matchAll(PLACEHOLDER);
  const names = new Set([...found].map(([, name = ""]) => name));
  const own = bot?.config.variables ?? {};
  return [...names].map((name) => ({ name, value: own[name] ?? null }));
}
