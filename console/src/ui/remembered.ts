import { useSyncExternalStore } from "react";

/** One choice of this browser's user, kept for the next visit. */
export interface Remembered<Choice extends string> {
  read(): Choice;
  choose(choice: Choice): void;
  subscribe(listener: () => void): () => void;
}

interface Options<Choice extends string> {
  /** Its name in local storage, where nothing secret belongs. */
  key: string;
  choices: readonly Choice[];
  /** What holds until something is chosen. */
  first: () => Choice;
}

export function remembered<Choice extends string>(options: Options<Choice>): Remembered<Choice> {
  const { key, choices, first } = options;
  const listeners = new Set<() => void>();
  return {
    read: () => choices.find((choice) => choice === localStorage.getItem(key)) ?? first(),
    choose: (choice) => {
      localStorage.setItem(key, choice);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useRemembered<Choice extends string>(choice: Remembered<Choice>): Choice {
  return useSyncExternalStore(choice.subscribe, choice.read);
}
