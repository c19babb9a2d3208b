import type { ApiClient, Rows } from "./client";
import type { Service } from "./credits";
import { ENUMS, type Enum } from "./enums";
import type { Part } from "./part";
import { withQuery } from "./query";
import type { Turn } from "./turn";
import type { VersionName } from "./versions";

export const SESSION_STATUSES = ENUMS.SessionStatus;
export type SessionStatus = Enum<"SessionStatus">;
export type EndReason = Enum<"EndReason">;
export type Sentiment = Enum<"SessionSentiment">;

/** The fields of the API's session that this page reads. Times are RFC 3339. */
export interface Session {
  id: string;
  bot_id: string | null;
  status: SessionStatus;
  config: SessionConfig;
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
  turn_count: number;
  end_reason: string | null;
  /** How often another worker took it up from one that was gone; absent where none had to. */
  recoveries?: number;
  metadata: Record<string, unknown> | null;
  created_at: string;
  /** From its start to the agent's first sound; absent before there was one, as what follows. */
  first_audio_ms?: number;
  /** What it cost so far. */
  credits?: number;
  /** What its analysis found to have come of it. */
  disposition?: string;
  sentiment?: Sentiment;
  goal_met?: boolean;
  /** When its words were; absent while they are there. */
  erased_at?: string;
  /** Only in a session that is read by itself, where its bot wanted one. */
  analysis?: Analysis;
}

/** What a model made of a session; `null` is what was not wanted, or not found yet. */
export interface Analysis {
  status: Enum<"AnalysisStatus">;
  error: Enum<"AnalysisError"> | null;
  summary: string | null;
  /** The fields of the bot's own schema. */
  extracted: Record<string, unknown> | null;
  model: string | null;
}

/** What the API resolved of the request. */
export interface SessionConfig {
  language: string;
  voice: string;
  llm_model: string;
  /** Of its bot; absent without one. */
  bot_version?: VersionName;
  /** What the providers could not serve as it was asked for. */
  substitutions?: Substitution[];
  /** The rest of what the API resolved, shown as it is. */
  [field: string]: unknown;
}

export interface Substitution {
  field: string;
  requested: string;
  served: string;
  reason: string;
}

/** The answer to a create, the only one that carries the room's address and token. */
export interface CreatedSession extends Session {
  ws_url: string;
  token: string;
}

/** What is left out is decided by the API. */
export interface SessionRequest {
  bot_id?: string;
  /** Where it is left out, the version that serves. */
  bot_version?: VersionName;
  language: string;
  voice: string;
  llm_model: string;
  system_prompt?: string;
  greeting?: string;
  /** What `{{names}}` in prompt and greeting stand for, before what the bot says. */
  variables?: Record<string, string>;
  max_duration_seconds?: number;
  /** Seconds of silence that end a turn: after a complete sentence, after an open one. */
  min_endpointing_delay?: number;
  max_endpointing_delay?: number;
}

export type TranscriptFormat = "json" | "txt" | "srt";

export const SESSIONS = "/v1/voice/sessions";

export function createSession(api: ApiClient, request: SessionRequest): Promise<CreatedSession> {
  return api.send("POST", SESSIONS, request);
}

/** What a list may be narrowed down to, together; "" for anything. Times are RFC 3339. */
export interface SessionQuery {
  status: SessionStatus | "";
  language: string;
  llm_model: string;
  voice: string;
  bot_id: string;
  /** A number, or `draft`. */
  bot_version: string;
  end_reason: string;
  disposition: string;
  sentiment: Sentiment | "";
  goal_met: "true" | "false" | "";
  created_from: string;
  /** Excluded. */
  created_to: string;
  /** Words of one exchange. */
  q: string;
}

/** The newest first. */
export function listSessions(
  api: ApiClient,
  query: SessionQuery,
  part: Part,
  signal: AbortSignal,
): Promise<Rows<Session>> {
  return api.getRows(withQuery(SESSIONS, { ...query, ...part }), signal);
}

/** A stream that tells of each session that begins, changes or ends, and when to list anew. */
export const SESSION_LIST_STREAM = `${SESSIONS}/events`;

export function getSession(api: ApiClient, id: string, signal: AbortSignal): Promise<Session> {
  return api.getJson(`${SESSIONS}/${id}`, signal);
}

/** A stream of what happens in one session, from its beginning to its end. */
export function sessionStream(id: string): string {
  return `${SESSIONS}/${id}/events`;
}

/** Caller and agent are sent out; a session that has ended stays as it is. */
export function endSession(api: ApiClient, id: string): Promise<void> {
  return api.send("DELETE", `${SESSIONS}/${id}`);
}

/** A way into a session's room for one who only hears. */
export interface WayIn {
  ws_url: string;
  token: string;
}

export function listenIn(api: ApiClient, id: string): Promise<WayIn> {
  return api.send("POST", `${SESSIONS}/${id}/listen`);
}

export interface Cost {
  total_credits: number;
  items: CostItem[];
}

/** What one model cost; a quantity that it is not paid by is 0. */
export interface CostItem {
  service: Service;
  model: string;
  credits: number;
  input_tokens: number;
  output_tokens: number;
  characters: number;
  audio_seconds: number;
}

export function getCost(api: ApiClient, id: string, signal: AbortSignal): Promise<Cost> {
  return api.getJson(`${SESSIONS}/${id}/cost`, signal);
}

export function getTurns(api: ApiClient, id: string, signal: AbortSignal): Promise<Turn[]> {
  return api.getJson(`${SESSIONS}/${id}/transcript`, signal);
}

export function getTranscriptFile(
  api: ApiClient,
  id: string,
  format: TranscriptFormat,
): Promise<Blob> {
  return api.getBlob(`${SESSIONS}/${id}/transcript?format=${format}`);
}

/** A suite for `vaarta eval` with what was said, in TOML. */
export async function getEvalCase(api: ApiClient, id: string): Promise<string> {
  return await (await api.getBlob(`${SESSIONS}/${id}/eval-case`)).text();
}

export function hasEnded(session: Session): boolean {
  return session.status !== "created" && session.status !== "active";
}
