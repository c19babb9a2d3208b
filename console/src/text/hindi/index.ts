import type { Texts } from "../useText";
import { app } from "./app";
import { bots } from "./bots";
import { credits } from "./credits";
import { doctor } from "./doctor";
import { filters } from "./filters";
import { keys } from "./keys";
import { latency } from "./latency";
import { lists } from "./lists";
import { record } from "./record";
import { recording } from "./recording";
import { session } from "./session";
import { sessions } from "./sessions";
import { setup } from "./setup";
import { talk } from "./talk";
import { turns } from "./turns";
import { waited } from "./waited";
import { webhooks } from "./webhooks";

export const hindi: Texts = {
  app,
  filters,
  talk,
  turns,
  sessions,
  session,
  recording,
  record,
  waited,
  latency,
  lists,
  setup,
  keys,
  webhooks,
  bots,
  credits,
  doctor,
};
