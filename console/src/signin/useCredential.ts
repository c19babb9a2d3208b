import { useCallback, useEffect, useState } from "react";
import { createApiClient } from "../api/client";
import { getLocalKey } from "../api/console";
import { ApiError } from "../api/error";
import { forgetCredential, storeCredential, storedCredential } from "./credential";

export interface SignedOut {
  state: "out";
  /** Why the page came back here: a refused credential, or an API that gave no answer. */
  problem: ApiError | null;
  /** A development server's own key, offered to those who signed out of it. */
  localKey: string | null;
}

export type Access =
  | { state: "asking" }
  | SignedOut
  | { state: "in"; credential: string; localKey: string | null };

export interface Credential {
  access: Access;
  signIn(credential: string): void;
  signOut(problem?: ApiError): void;
}

/** Who the page speaks as: this tab's credential, else the development server's own key. */
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
    setAccess((before) => ({ state: "in", credential, localKey: localKeyOf(before) }));
  }, []);

  const signOut = useCallback((problem: ApiError | null = null) => {
    forgetCredential();
    setAccess((before) => ({ state: "out", problem, localKey: localKeyOf(before) }));
  }, []);

  return { access, signIn, signOut };
}

async function firstAccess(): Promise<Access> {
  const stored = storedCredential();
  try {
    const localKey = await getLocalKey(createApiClient(null));
    const credential = stored ?? localKey;
    return credential === null
      ? { state: "out", problem: null, localKey }
      : { state: "in", credential, localKey };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { state: "out", problem: error, localKey: null };
  }
}

function localKeyOf(access: Access): string | null {
  return access.state === "asking" ? null : access.localKey;
}
