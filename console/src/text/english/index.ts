import { app } from "./app";
import { sessions } from "./sessions";
import { talk } from "./talk";
import { turns } from "./turns";

/** Every English text, by area. The other languages have the same shape. */
export const english = { app, talk, turns, sessions };
