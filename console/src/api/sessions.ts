import type { ApiClient, Rows } from "./client";
import type { Turn } from "./turn";

export type SessionStatus = "created" | "active" | "completed" | "failed" | "timeout";

/** The fields of the API's session that this page reads. Times are RFC 3339. */
export interface Session {
  id: string;
  status: SessionStatus;
  config: SessionConfig;
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
  turn_count: number;
  end_reason: string | null;
  created_at: string;
}

/** What the API resolved of the request. */
export interface SessionConfig {
  language: string;
  voice: string;
  llm_model: string;
}

/** The answer to a create, the only one that carries the room's address and token. */
export interface CreatedSession extends Session {
  ws_url: string;
  token: string;
}

/** What is left out is decided by the API. */
export interface SessionRequest {
  language: string;
  voice: string;
  llm_model: string;
  system_prompt?: string;
  greeting?: string;
}

export type TranscriptFormat = "json" | "txt" | "srt";

const SESSIONS = "/v1/voice/sessions";

export function createSession(api: ApiClient, request: SessionRequest): Promise<CreatedSession> {
  return api.send("POST", SESSIONS, request);
}

/** The newest first. */
export function listSessions(
  api: ApiClient,
  { limit, offset }: { limit: number; offset: number },
  signal: AbortSignal,
): Promise<Rows<Session>> {
  return api.getRows(`${SESSIONS}?limit=${limit}&offset=${offset}`, signal);
}

export function getSession(api: ApiClient, id: string, signal: AbortSignal): Promise<Session> {
  return api.getJson(`${SESSIONS}/${id}`, signal);
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

export function hasEnded(session: Session): boolean {
  return session.status !== "created" && session.status !== "active";
}
