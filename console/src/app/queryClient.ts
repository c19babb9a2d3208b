import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import type { ApiError } from "../api/error";

const RETRIES = 2;
/** Going back to a page within this time asks nothing anew. */
const FRESH_MS = 10_000;

/** Every query's and mutation's failure is an `ApiError`; a refused credential ends the sign-in. */
export function createQueryClient(onRefused: (problem: ApiError) => void): QueryClient {
  const onError = (error: ApiError) => {
    if (error.status === 401) onRefused(error);
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { staleTime: FRESH_MS, retry: worthRetrying } },
  });
}

/** What may be over in a second: no answer, or a server that is not ready. */
export function worthRetrying(failures: number, { status }: ApiError): boolean {
  return failures < RETRIES && (status === 0 || status === 503);
}

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiError;
  }
}
