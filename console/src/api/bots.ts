import type { ApiClient, Rows } from "./client";
import type { Part } from "./part";
import { withQuery } from "./query";

/** Unicode code points, as the API counts them. */
export const BOT_PROMPT_LIMIT = 20_000;
export const DOCUMENT_LIMIT = 100_000;

/** What sessions take over from it; what is absent is decided by their own create. */
export interface Bot {
  id: string;
  name: string;
  system_prompt: string | null;
  config: BotConfig;
  is_active: boolean;
  updated_at: string;
  /** The number of the version that serves; prompt and config above are the draft's. */
  version: number;
  has_unpublished_changes: boolean;
}

export interface BotConfig {
  voice?: string;
  language?: string;
  llm_model?: string;
  greeting?: string;
  max_duration_seconds?: number;
  variables?: Record<string, string>;
  min_endpointing_delay?: number;
  max_endpointing_delay?: number;
  tools?: BotTool[];
  end_call?: boolean;
  idle_prompt_s?: number;
  /** What a model is asked of each session once it is over; the form leaves it as it is. */
  analysis?: { dispositions?: string[] };
}

/** A function that the model may call: a POST to its URL. */
export interface BotTool {
  name: string;
  description: string;
  /** A JSON Schema of an object. */
  parameters?: unknown;
  url: string;
  /** A value that is kept is shown as `***`, and stays when it is given back as that. */
  headers?: Record<string, string>;
  timeout_s?: number;
  say_while_waiting?: string;
}

/** A `null` takes a field of the config away. */
export interface BotRequest {
  name: string;
  system_prompt?: string;
  config: { [Field in Exclude<keyof BotConfig, "analysis">]-?: BotConfig[Field] | null };
}

/** A text that the bot's answers draw on. */
export interface KnowledgeDocument {
  id: string;
  name: string;
  content: string;
  created_at: string;
}

/** A document without its text, as lists tell of it. */
export interface ListedDocument {
  id: string;
  name: string;
  content_bytes: number;
  created_at: string;
}

const BOTS = "/api/v1/bots";

/** The newest first. */
export function listBots(api: ApiClient, part: Part, signal: AbortSignal): Promise<Rows<Bot>> {
  return api.getRows(withQuery(BOTS, { ...part }), signal);
}

export function getBot(api: ApiClient, id: string, signal: AbortSignal): Promise<Bot> {
  return api.getJson(`${BOTS}/${id}`, signal);
}

export function createBot(api: ApiClient, request: BotRequest): Promise<Bot> {
  return api.send("POST", BOTS, request);
}

export function changeBot(
  api: ApiClient,
  id: string,
  change: BotRequest | { is_active: boolean },
): Promise<Bot> {
  return api.send("PATCH", `${BOTS}/${id}`, change);
}

/** With what it knows; its sessions keep their copy. */
export function deleteBot(api: ApiClient, id: string): Promise<void> {
  return api.send("DELETE", `${BOTS}/${id}`);
}

export function listDocuments(
  api: ApiClient,
  botId: string,
  part: Part,
  signal: AbortSignal,
): Promise<Rows<ListedDocument>> {
  return api.getRows(withQuery(`${BOTS}/${botId}/knowledge`, { ...part }), signal);
}

export function getDocument(
  api: ApiClient,
  botId: string,
  id: string,
  signal: AbortSignal,
): Promise<KnowledgeDocument> {
  return api.getJson(`${BOTS}/${botId}/knowledge/${id}`, signal);
}

export function addDocument(
  api: ApiClient,
  botId: string,
  written: { name: string; content: string },
): Promise<KnowledgeDocument> {
  return api.send("POST", `${BOTS}/${botId}/knowledge`, written);
}

export function deleteDocument(api: ApiClient, botId: string, id: string): Promise<void> {
  return api.send("DELETE", `${BOTS}/${botId}/knowledge/${id}`);
}
