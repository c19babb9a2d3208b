import type { Bot, BotConfig } from "./bots";
import type { ApiClient, Rows } from "./client";
import type { Enum } from "./enums";
import type { Part } from "./part";
import { withQuery } from "./query";

/** Unicode code points, as the API counts them. */
export const NOTE_LIMIT = 500;

/** A version by its number, or what is not published yet. */
export type VersionName = number | "draft";

/** By what somebody may have written; `null` where that is no version's name. */
export function versionNamed(written: string): VersionName | null {
  if (written === "draft") return written;
  return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : null;
}

/** That a bot's draft was published. */
export interface ListedVersion {
  number: number;
  /** What differs from the version before: `system_prompt`, or `config.` and a field of it. */
  changed_fields: string[];
  published_at: string;
  /** `null` for a bot's first version from before there were any. */
  published_by: Author | null;
  /** Why, where whoever published it said so. */
  note: string | null;
}

export interface Author {
  kind: Enum<"ActorKind">;
  /** A key's id, a token's subject, or who ran a command where. */
  id: string;
}

/** A bot's draft as it was published. */
export interface BotVersion extends ListedVersion {
  system_prompt: string | null;
  config: BotConfig;
}

const versionsOf = (botId: string) => `/api/v1/bots/${botId}/versions`;

/** The newest first. */
export function listVersions(
  api: ApiClient,
  botId: string,
  part: Part,
  signal: AbortSignal,
): Promise<Rows<ListedVersion>> {
  return api.getRows(withQuery(versionsOf(botId), { ...part }), signal);
}

export function getVersion(
  api: ApiClient,
  botId: string,
  number: number,
  signal: AbortSignal,
): Promise<BotVersion> {
  return api.getJson(`${versionsOf(botId)}/${number}`, signal);
}

/** Have the draft serve from now on; `note`: why, may be empty. */
export function publishBot(
  api: ApiClient,
  botId: string,
  note: string,
): Promise<{ number: number }> {
  return api.send("POST", `/api/v1/bots/${botId}/publish`, { note });
}

/** Make a version the draft; that publishes nothing. */
export function restoreVersion(api: ApiClient, botId: string, number: number): Promise<Bot> {
  return api.send("POST", `${versionsOf(botId)}/${number}/restore`);
}
