import { app } from "./app";
import { filters } from "./filters";
import { sessions } from "./sessions";
import { talk } from "./talk";
import { turns } from "./turns";

/** Every English text, by area. The other languages have the same shape. */
export const english = { app, filters, talk, turns, sessions };
