import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ApiClient } from "../../api/client";
import { getBalance, listTransactions } from "../../api/credits";
import { getUsage } from "../../api/usage";
import { pagedQuery } from "../../lists/paged";

export function balanceQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ["credits", "balance"],
    queryFn: ({ signal }) => getBalance(api, signal),
  });
}

export function transactionListQuery(api: ApiClient) {
  return pagedQuery(["credits", "transactions"], (part, signal) =>
    listTransactions(api, part, signal),
  );
}

export function usageQuery(api: ApiClient, days: number) {
  return queryOptions({
    queryKey: ["usage", "summary", days],
    queryFn: ({ signal }) => getUsage(api, days, signal),
    placeholderData: keepPreviousData,
  });
}
