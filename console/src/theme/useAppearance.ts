import { useSyncExternalStore } from "react";

const DARK = "(prefers-color-scheme: dark)";

/** Follows the system's light or dark, also while the page is open. */
export function useAppearance(): "light" | "dark" {
  return useSyncExternalStore(subscribe, read);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

function read(): "light" | "dark" {
  return matchMedia(DARK).matches ? "dark" : "light";
}
