import { useSyncExternalStore } from "react";
import { remembered, useRemembered } from "../ui/remembered";

export type Appearance = "system" | "light" | "dark";

export const APPEARANCES: readonly Appearance[] = ["system", "light", "dark"];

export const appearance = remembered<Appearance>({
  key: "vaarta.appearance",
  choices: APPEARANCES,
  first: () => "system",
});

const DARK = "(prefers-color-scheme: dark)";

/** Light or dark as chosen, else as the system is, also while the page is open. */
export function useShade(): "light" | "dark" {
  const chosen = useRemembered(appearance);
  const system = useSyncExternalStore(subscribe, read);
  return chosen === "system" ? system : chosen;
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

function read(): "light" | "dark" {
  return matchMedia(DARK).matches ? "dark" : "light";
}
