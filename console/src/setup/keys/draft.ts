import { type Key, type KeyChange, type KeyRequest, PERMISSIONS, SCOPES } from "../../api/keys";

const DAY_MS = 24 * 3600 * 1000;

/** Days from now, a moment of one's own, or never. */
export const EXPIRIES = ["never", "7", "30", "90", "365", "date"] as const;
export type Expiry = (typeof EXPIRIES)[number];

/** The form of a key as it stands. Numbers are as they were typed: empty is no limit. */
export interface KeyDraft {
  name: string;
  everything: boolean;
  permissions: readonly string[];
  scopes: readonly string[];
  domains: string;
  models: string;
  rpm: string;
  budget: string;
  expiry: Expiry;
  /** In this person's time zone, as `<input type="datetime-local">` has it. */
  expiryDate: string;
  active: boolean;
}

export const NEW_KEY: KeyDraft = {
  name: "",
  everything: false,
  permissions: ["stt", "llm", "tts"],
  scopes: [],
  domains: "*",
  models: "*",
  rpm: "",
  budget: "",
  expiry: "never",
  expiryDate: "",
  active: true,
};

export function draftOf(key: Key): KeyDraft {
  const everything = entries(key.permissions).includes("*");
  return {
    name: key.name,
    everything,
    permissions: everything ? [...PERMISSIONS] : entries(key.permissions),
    scopes: entries(key.scopes),
    domains: key.allowed_domains,
    models: key.allowed_models,
    rpm: key.rate_limit_rpm === null ? "" : String(key.rate_limit_rpm),
    budget: key.budget_limit === null ? "" : String(key.budget_limit),
    expiry: key.expires_at === null ? "never" : "date",
    expiryDate: key.expires_at === null ? "" : localMinute(new Date(key.expires_at)),
    active: key.is_active,
  };
}

export function requestOf(draft: KeyDraft, now: Date): KeyRequest {
  return {
    name: draft.name.trim(),
    permissions: draft.everything ? "*" : inOrder(PERMISSIONS, draft.permissions),
    scopes: inOrder(SCOPES, draft.scopes),
    allowed_domains: draft.domains.trim() || "*",
    allowed_models: draft.models.trim() || "*",
    rate_limit_rpm: numberOf(draft.rpm),
    budget_limit: numberOf(draft.budget),
    expires_at: expiresAt(draft, now),
  };
}

/** Only what the person changed: an expiry keeps its seconds, which the form does not show. */
export function changeOf(key: Key, draft: KeyDraft, now: Date): KeyChange {
  const before = requestOf(draftOf(key), now);
  const after = requestOf(draft, now);
  const names = Object.keys(after) as (keyof KeyRequest)[];
  const changed = names.filter((name) => after[name] !== before[name]);
  const change: KeyChange = Object.fromEntries(changed.map((name) => [name, after[name]]));
  return draft.active === key.is_active ? change : { ...change, is_active: draft.active };
}

/** What the form can say without the API: a key needs a name, and a chosen date. */
export function isComplete(draft: KeyDraft): boolean {
  return draft.name.trim() !== "" && (draft.expiry !== "date" || draft.expiryDate !== "");
}

/** A csv's entries; `*` is one of them. */
export function entries(csv: string): string[] {
  return csv.split(",").filter((entry) => entry !== "");
}

function inOrder(known: readonly string[], chosen: readonly string[]): string {
  return known.filter((one) => chosen.includes(one)).join(",");
}

function numberOf(typed: string): number | null {
  return typed.trim() === "" ? null : Number(typed);
}

function expiresAt({ expiry, expiryDate }: KeyDraft, now: Date): string | null {
  if (expiry === "never") return null;
  if (expiry === "date") return new Date(expiryDate).toISOString();
  return new Date(now.getTime() + Number(expiry) * DAY_MS).toISOString();
}

function localMinute(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, "2026-01-01T00:00".length);
}
