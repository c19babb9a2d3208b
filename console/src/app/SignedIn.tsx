import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import { createApiClient } from "../api/client";
import type { ApiError } from "../api/error";
import { ApiContext } from "../api/useApi";
import { createQueryClient } from "./queryClient";

interface SignedInProps {
  credential: string;
  /** The API no longer knows this credential. */
  onRefused: (problem: ApiError) => void;
  children: ReactNode;
}

/** Gives the pages the API as one person sees it; nothing of it outlives the sign-out. */
export function SignedIn({ credential, onRefused, children }: SignedInProps) {
  const api = useMemo(() => createApiClient(credential), [credential]);
  const queries = useMemo(() => createQueryClient(onRefused), [onRefused]);
  useEffect(() => () => queries.clear(), [queries]);
  return (
    <QueryClientProvider client={queries}>
      <ApiContext value={api}>{children}</ApiContext>
    </QueryClientProvider>
  );
}
