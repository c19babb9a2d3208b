import { useCallback, useEffect, useState } from "react";
import { createApiClient } from "../api/client";
import { getLocalCredential } from "../api/console";
import { ApiError } from "../api/error";
import { forgetCredential, storeCredential, storedCredential } from "./credential";

export interface SignedOut {
  state: "out";
  /** Why the page came back here: a refused credential, or an API that gave no answer. */
  problem: ApiError | null;
  /** Whether a development server has a credential of its own to go back to. */
  hasLocal: boolean;
}

export type Access =
  | { state: "asking" }
  | SignedOut
  | { state: "in"; credential: string; hasLocal: boolean };

export interface Credential {
  access: Access;
  signIn(credential: string): void;
  /** As the development server's own page, with a token that is asked for anew. */
  signInLocally(): void;
  signOut(problem?: ApiError): void;
}

/** Who the page speaks as: this tab's credential, else the development server's own. */
export function useCredential(): Credential {
  const [access, setAccess] = useState<Access>({ state: "asking" });

  useEffect(() => {
    let current = true;
    firstAccess().then((first) => {
      if (current) setAccess(first);
    });
    return () => {
      current = false;
    };
  }, []);

  const signIn = useCallback((credential: string) => {
    storeCredential(credential);
    setAccess((before) => ({ state: "in", credential, hasLocal: hadLocal(before) }));
  }, []);

  const signInLocally = useCallback(() => void firstAccess().then(setAccess), []);

  const signOut = useCallback((problem: ApiError | null = null) => {
    forgetCredential();
    setAccess((before) => ({ state: "out", problem, hasLocal: hadLocal(before) }));
  }, []);

  return { access, signIn, signInLocally, signOut };
}

async function firstAccess(): Promise<Access> {
  const stored = storedCredential();
  try {
    const local = await getLocalCredential(createApiClient(null));
    const credential = stored ?? local;
    const hasLocal = local !== null;
    return credential === null
      ? { state: "out", problem: null, hasLocal }
      : { state: "in", credential, hasLocal };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { state: "out", problem: error, hasLocal: false };
  }
}

function hadLocal(access: Access): boolean {
  return access.state !== "asking" && access.hasLocal;
}
