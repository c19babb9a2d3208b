import type { ApiClient, Rows } from "./client";
import type { Enum } from "./enums";
import type { Part } from "./part";
import { withQuery } from "./query";

/** Speech recognition, language model, voice. */
export type Service = Enum<"Service">;

/** A movement of credits; a charge is negative. */
export interface Transaction {
  id: string;
  kind: Enum<"EntryKind">;
  credits: number;
  service: Service | null;
  model: string | null;
  session_id: string | null;
  created_at: string;
}

export async function getBalance(api: ApiClient, signal: AbortSignal): Promise<number> {
  const { balance } = await api.getJson<{ balance: number }>("/api/v1/credits/balance", signal);
  return balance;
}

/** The newest first. */
export function listTransactions(
  api: ApiClient,
  part: Part,
  signal: AbortSignal,
): Promise<Rows<Transaction>> {
  return api.getRows(withQuery(`/api/v1/credits/transactions`, { ...part }), signal);
}
