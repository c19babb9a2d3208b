import type { Texts } from "../useText";
import { app } from "./app";
import { filters } from "./filters";
import { sessions } from "./sessions";
import { talk } from "./talk";
import { turns } from "./turns";

export const hindi: Texts = { app, filters, talk, turns, sessions };
