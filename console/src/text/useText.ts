import { useRemembered } from "../ui/remembered";
import { english } from "./english";
import { hindi } from "./hindi";
import { type Language, language } from "./language";

/** Every language has the English texts' shape. */
export type Texts = typeof english;

const TEXTS: Record<Language, Texts> = { en: english, hi: hindi };

/** The texts in the person's language. */
export function useText(): Texts {
  return TEXTS[useRemembered(language)];
}
