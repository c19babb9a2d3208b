import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import { createApiClient } from "../api/client";
import type { ApiError } from "../api/error";
import { ApiContext } from "../api/useApi";
import { SignOutContext } from "../signin/useSignOut";
import { createQueryClient } from "./queryClient";

interface SignedInProps {
  credential: string;
  /** With what the API said when it no longer knows this credential. */
  onSignOut: (problem?: ApiError) => void;
  children: ReactNode;
}

/** Gives the pages the API as one person sees it; nothing of it outlives the sign-out. */
export function SignedIn({ credential, onSignOut, children }: SignedInProps) {
  const api = useMemo(() => createApiClient(credential), [credential]);
  const queries = useMemo(() => createQueryClient(onSignOut), [onSignOut]);
  useEffect(() => () => queries.clear(), [queries]);
  return (
    <QueryClientProvider client={queries}>
      <ApiContext value={api}>
        <SignOutContext value={onSignOut}>{children}</SignOutContext>
      </ApiContext>
    </QueryClientProvider>
  );
}
