import { createContext, useContext } from "react";

/** Ends the sign-in of whoever is signed in. */
export const SignOutContext = createContext<() => void>(() => undefined);

export function useSignOut(): () => void {
  return useContext(SignOutContext);
}
