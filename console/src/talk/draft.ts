import type { Bot } from "../api/bots";
import { type Catalog, voicesFor } from "../api/catalog";
import type { SessionRequest } from "../api/sessions";
import type { VersionName } from "../api/versions";

/** Unicode code points, as the API counts them. */
export const PROMPT_LIMIT = 4096;
export const GREETING_LIMIT = 500;

/** What the API takes where a number is left blank, and the limits it sets. */
export const DURATION_S = { first: 300, min: 30, max: 3600, step: 1 };
export const MIN_DELAY_S = { first: 0.2, min: 0.06, max: 5, step: 0.01 };
export const MAX_DELAY_S = { first: 0.8, min: 0.06, max: 10, step: 0.01 };

/** The form as it stands; it outlives a conversation, so that the next one starts from it. */
export interface Draft {
  /** The bot that the session begins with; empty: none. */
  botId: string;
  /** `null`: the version that serves. */
  botVersion: VersionName | null;
  /** When the bot was last changed, as the form took it over. */
  botChangedAt: string;
  language: string;
  voice: string;
  model: string;
  systemPrompt: string;
  greeting: string;
  /** By name; blank ones are the bot's to say. */
  variables: Readonly<Record<string, string>>;
  /** Numbers as they were typed; blank ones are the API's to decide. */
  durationS: string;
  minDelayS: string;
  maxDelayS: string;
  /** Empty: the browser's own choice. */
  microphoneId: string;
}

export const FIRST_DRAFT: Draft = {
  botId: "",
  botVersion: null,
  botChangedAt: "",
  language: "en-IN",
  voice: "shubh",
  model: "kimi-k2.5",
  systemPrompt: "",
  greeting: "",
  variables: {},
  durationS: "",
  minDelayS: "",
  maxDelayS: "",
  microphoneId: "",
};

/** What is left blank is left out: the API decides on it. */
export function requestOf(draft: Draft): SessionRequest {
  const request: SessionRequest = {
    language: draft.language.trim(),
    voice: draft.voice.trim(),
    llm_model: draft.model.trim(),
  };
  if (draft.botId !== "") request.bot_id = draft.botId;
  if (draft.botVersion !== null) request.bot_version = draft.botVersion;
  if (draft.systemPrompt.trim() !== "") request.system_prompt = draft.systemPrompt;
  if (draft.greeting.trim() !== "") request.greeting = draft.greeting;
  const variables = Object.entries(draft.variables).filter(([, value]) => value !== "");
  if (variables.length > 0) request.variables = Object.fromEntries(variables);
  if (draft.durationS !== "") request.max_duration_seconds = Number(draft.durationS);
  if (draft.minDelayS !== "") request.min_endpointing_delay = Number(draft.minDelayS);
  if (draft.maxDelayS !== "") request.max_endpointing_delay = Number(draft.maxDelayS);
  return request;
}

/** As the bot is set: what is left blank stays its own, and what it leaves open stays as it was. */
export function withBot(draft: Draft, bot: Bot, version: VersionName | null): Draft {
  const { id, config, updated_at } = bot;
  return {
    ...FIRST_DRAFT,
    botId: id,
    botVersion: version,
    botChangedAt: updated_at,
    language: config.language ?? draft.language,
    voice: config.voice ?? draft.voice,
    model: config.llm_model ?? draft.model,
    microphoneId: draft.microphoneId,
  };
}

/** Whether the form has taken over this version of the bot, as the bot is now. */
export function isOf(draft: Draft, bot: Bot, version: VersionName | null): boolean {
  return (
    draft.botId === bot.id && draft.botVersion === version && draft.botChangedAt === bot.updated_at
  );
}

export function withoutBot(draft: Draft): Draft {
  return { ...draft, botId: "", botVersion: null, botChangedAt: "" };
}

/** Replaces what the catalog does not offer (a voice that does not speak the language, say). */
export function fitted(draft: Draft, catalog: Catalog): Draft {
  const language = offered(catalog.languages, draft.language);
  const usable = catalog.models.filter((model) => model.status === "available");
  return {
    ...draft,
    language,
    voice: offered(voicesFor(catalog, language), draft.voice),
    model: offered(usable, draft.model),
  };
}

function offered(rows: readonly { id: string }[], id: string): string {
  return rows.some((row) => row.id === id) ? id : (rows[0]?.id ?? id);
}

export function lengthOf(written: string): number {
  return [...written].length;
}

export function withinLimits(draft: Draft): boolean {
  return lengthOf(draft.systemPrompt) <= PROMPT_LIMIT && lengthOf(draft.greeting) <= GREETING_LIMIT;
}
