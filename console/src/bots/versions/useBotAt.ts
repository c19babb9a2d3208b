import { useQuery } from "@tanstack/react-query";
import type { Bot } from "../../api/bots";
import type { ApiError } from "../../api/error";
import { useApi } from "../../api/useApi";
import type { VersionName } from "../../api/versions";
import { botQuery, versionQuery } from "../queries";

interface BotAt {
  bot: Bot | undefined;
  problem: ApiError | null;
}

/**
 * A bot, its prompt and config as one of its versions has them; `null`: the version that serves.
 * None while they are on their way, or where `id` is empty.
 */
export function useBotAt(id: string, version: VersionName | null): BotAt {
  const api = useApi();
  const bot = useQuery({ ...botQuery(api, id), enabled: id !== "" });
  const number = publishedNumber(bot.data, version);
  const said = useQuery({ ...versionQuery(api, id, number ?? 0), enabled: number !== null });
  const problem = bot.error ?? (number === null ? null : said.error);
  if (number === null || bot.data === undefined) return { bot: bot.data, problem };
  if (said.data === undefined) return { bot: undefined, problem };
  const { system_prompt, config } = said.data;
  return { bot: { ...bot.data, system_prompt, config }, problem };
}

/** The version to be read; `null` where the bot itself says what it says. */
function publishedNumber(bot: Bot | undefined, wanted: VersionName | null): number | null {
  if (bot === undefined || wanted === "draft") return null;
  const number = wanted ?? bot.version;
  return number === bot.version && !bot.has_unpublished_changes ? null : number;
}
