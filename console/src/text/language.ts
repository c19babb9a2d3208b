import { remembered, useRemembered } from "../ui/remembered";

export type Language = "en" | "hi";

/** Each language under its own name, so that whoever reads it finds it. */
export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: "en", name: "English" },
  { id: "hi", name: "हिन्दी" },
];

/** Until one is chosen, the browser's. */
export const language = remembered<Language>({
  key: "vaarta.language",
  choices: LANGUAGES.map(({ id }) => id),
  first: () => (navigator.language.startsWith("hi") ? "hi" : "en"),
});

const LOCALES: Record<Language, string> = { en: "en-IN", hi: "hi-IN" };

/** How times and numbers are written. */
export function useLocale(): string {
  return LOCALES[useRemembered(language)];
}
