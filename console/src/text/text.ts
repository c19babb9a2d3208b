import { english } from "./english";

/** Every text has the English ones' shape; another language is another module beside it. */
export type Texts = typeof english;

export const text: Texts = english;
