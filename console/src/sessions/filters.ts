import { ENUMS } from "../api/enums";
import {
  type EndReason,
  SESSION_STATUSES,
  type Sentiment,
  type Session,
  type SessionQuery,
  type SessionStatus,
} from "../api/sessions";
import { versionNamed } from "../api/versions";
import { ANY_TIME, bounds, isSame, type Range, readRange, writeRange } from "../range/range";

/** What is looked for; "" where anything goes. */
export interface Filters {
  status: SessionStatus | "";
  language: string;
  llm_model: string;
  voice: string;
  bot_id: string;
  /** Of that bot: a number, or `draft`. */
  bot_version: string;
  end_reason: EndReason | "";
  disposition: string;
  sentiment: Sentiment | "";
  goal_met: "true" | "false" | "";
  /** Words that were said. */
  q: string;
  range: Range;
}

const WORDS = [
  "status",
  "language",
  "llm_model",
  "voice",
  "bot_id",
  "bot_version",
  "end_reason",
  "disposition",
  "sentiment",
  "goal_met",
  "q",
] as const;
const YES_OR_NO = ["true", "false"] as const;
const LONGEST = 200;

/** From an address that somebody may have written by hand. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const word = (key: string) => (params.get(key) ?? "").trim().slice(0, LONGEST);
  const oneOf = <Word extends string>(words: readonly Word[], key: string): Word | "" =>
    words.find((each) => each === params.get(key)) ?? "";
  const hasBot = word("bot_id") !== "";
  return {
    status: oneOf(SESSION_STATUSES, "status"),
    language: word("language"),
    llm_model: word("llm_model"),
    voice: word("voice"),
    bot_id: word("bot_id"),
    bot_version: hasBot ? String(versionNamed(word("bot_version")) ?? "") : "",
    end_reason: oneOf(ENUMS.EndReason, "end_reason"),
    disposition: word("disposition"),
    sentiment: oneOf(ENUMS.SessionSentiment, "sentiment"),
    goal_met: oneOf(YES_OR_NO, "goal_met"),
    q: word("q"),
    range: readRange(params, ANY_TIME),
  };
}

export const NO_FILTERS: Filters = readFilters("");

export function countSet({ range, ...words }: Filters): number {
  const set = Object.values(words).filter((value) => value !== "").length;
  return isSame(range, ANY_TIME) ? set : set + 1;
}

/** For an address that shows somebody else the same; it names what is set, and nothing secret. */
export function writeFilters(filters: Filters): string {
  const params = new URLSearchParams();
  for (const key of WORDS) if (filters[key] !== "") params.set(key, filters[key]);
  for (const [key, value] of Object.entries(writeRange(filters.range, ANY_TIME))) {
    if (value !== "") params.set(key, value);
  }
  return params.toString();
}

/** In the API's words. */
export function toQuery({ range, ...words }: Filters, now: Date): SessionQuery {
  const { from, to } = bounds(range, now);
  return { ...words, created_from: from, created_to: to };
}

/**
 * Whether the list would hold this session. What was said in it only the API knows: `null` while
 * words are looked for.
 */
export function matches(filters: Filters, session: Session, now: Date): boolean | null {
  const { from, to } = bounds(filters.range, now);
  const { config, created_at: createdAt } = session;
  const found =
    isAny(filters.status, session.status) &&
    isAny(filters.language, config.language) &&
    isAny(filters.llm_model, config.llm_model) &&
    isAny(filters.voice, config.voice) &&
    isAny(filters.bot_id, session.bot_id) &&
    isAny(filters.bot_version, config.bot_version) &&
    isAny(filters.end_reason, session.end_reason) &&
    isAny(filters.disposition, session.disposition) &&
    isAny(filters.sentiment, session.sentiment) &&
    isAny(filters.goal_met, session.goal_met) &&
    (from === "" || createdAt >= from) &&
    (to === "" || createdAt < to);
  return found && filters.q !== "" ? null : found;
}

function isAny(wanted: string, found: string | number | boolean | null | undefined): boolean {
  return wanted === "" || (found != null && wanted === String(found));
}
