import { queryOptions } from "@tanstack/react-query";
import { getBot, getDocument, listBots, listDocuments } from "../api/bots";
import type { ApiClient } from "../api/client";
import { getVersion, listVersions } from "../api/versions";
import { pagedQuery } from "../lists/paged";

export function botListQuery(api: ApiClient) {
  return pagedQuery(["bots", "list"], (part, signal) => listBots(api, part, signal));
}

export function botQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ["bots", "one", id],
    queryFn: ({ signal }) => getBot(api, id, signal),
  });
}

export function documentListQuery(api: ApiClient, botId: string) {
  return pagedQuery(["bots", "knowledge", botId], (part, signal) =>
    listDocuments(api, botId, part, signal),
  );
}

export function documentQuery(api: ApiClient, botId: string, id: string) {
  return queryOptions({
    queryKey: ["bots", "document", botId, id],
    queryFn: ({ signal }) => getDocument(api, botId, id, signal),
  });
}

export function versionListQuery(api: ApiClient, botId: string) {
  return pagedQuery(["bots", "versions", botId], (part, signal) =>
    listVersions(api, botId, part, signal),
  );
}

/** What was published stays as it is. */
export function versionQuery(api: ApiClient, botId: string, number: number) {
  return queryOptions({
    queryKey: ["bots", "version", botId, number],
    queryFn: ({ signal }) => getVersion(api, botId, number, signal),
  });
}
