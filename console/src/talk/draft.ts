import { type Catalog, voicesFor } from "../api/catalog";
import type { SessionRequest } from "../api/sessions";

/** Unicode code points, as the API counts them. */
export const PROMPT_LIMIT = 4096;
export const GREETING_LIMIT = 500;

/** The form as it stands; it outlives a conversation, so that the next one starts from it. */
export interface Draft {
  language: string;
  voice: string;
  model: string;
  systemPrompt: string;
  greeting: string;
  /** Empty: the browser's own choice. */
  microphoneId: string;
}

export const FIRST_DRAFT: Draft = {
  language: "en-IN",
  voice: "shubh",
  model: "kimi-k2.5",
  systemPrompt: "",
  greeting: "",
  microphoneId: "",
};

/** What is left blank is left out: the API decides on it. */
export function requestOf(draft: Draft): SessionRequest {
  const request: SessionRequest = {
    language: draft.language.trim(),
    voice: draft.voice.trim(),
    llm_model: draft.model.trim(),
  };
  if (draft.systemPrompt.trim() !== "") request.system_prompt = draft.systemPrompt;
  if (draft.greeting.trim() !== "") request.greeting = draft.greeting;
  return request;
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
