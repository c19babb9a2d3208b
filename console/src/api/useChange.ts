import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApiClient } from "./client";
import type { ApiError } from "./error";
import { useApi } from "./useApi";

interface ChangeProps<Answer> {
  send: (api: ApiClient) => Promise<Answer>;
  /** Queries whose key begins so are asked again. */
  stale: QueryKey;
  onDone: (answer: Answer) => void;
  /** Once those have answered: the page shows the change by then. */
  onFresh?: () => void;
  /** Where nothing on the page shows the change's own `error`. */
  onError?: (error: ApiError) => void;
}

/** A change of what the API keeps, pending until the page shows it. */
export function useChange<Answer>({ send, stale, onDone, onFresh, onError }: ChangeProps<Answer>) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send(api),
    onSuccess: async (answer) => {
      onDone(answer);
      await queries.invalidateQueries({ queryKey: stale });
      onFresh?.();
    },
    onError,
  });
}

/** What a question or a form asks of one. */
export interface Change {
  isPending: boolean;
  error: ApiError | null;
  mutate: () => void;
}
