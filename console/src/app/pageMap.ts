import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Texts } from "../text/useText";
import { part } from "./part";

interface PageEntry {
  /** Below `/console`, with `:names` as wouter matches them. */
  path: string;
  page: LazyExoticComponent<ComponentType>;
}

/** Every page, each loaded when it is first shown. */
export const PAGES: readonly PageEntry[] = [
  { path: "/", page: lazy(() => part(import("../talk/TalkPage"))) },
  { path: "/sessions", page: lazy(() => part(import("../sessions/SessionsPage"))) },
  { path: "/sessions/:id", page: lazy(() => part(import("../sessions/SessionPage"))) },
  { path: "/bots", page: lazy(() => part(import("../bots/BotsPage"))) },
  { path: "/bots/:id", page: lazy(() => part(import("../bots/BotPage"))) },
  { path: "/latency", page: lazy(() => part(import("../latency/LatencyPage"))) },
  { path: "/setup", page: lazy(() => part(import("../setup/SetupStart"))) },
  { path: "/setup/keys", page: lazy(() => part(import("../setup/keys/KeysPage"))) },
  { path: "/setup/webhooks", page: lazy(() => part(import("../setup/webhooks/WebhooksPage"))) },
  {
    path: "/setup/webhooks/:id",
    page: lazy(() => part(import("../setup/webhooks/DeliveriesPage"))),
  },
  { path: "/setup/bots/:id?", page: lazy(() => part(import("../setup/MovedBots"))) },
  { path: "/setup/credits", page: lazy(() => part(import("../setup/credits/CreditsPage"))) },
  { path: "/setup/doctor", page: lazy(() => part(import("../setup/doctor/DoctorPage"))) },
];

interface Section {
  /** Also lit on every page below it. */
  path: string;
  name: (text: Texts) => string;
}

/** What the header leads to. */
export const SECTIONS: readonly Section[] = [
  { path: "/", name: (text) => text.talk.title },
  { path: "/sessions", name: (text) => text.sessions.title },
  { path: "/bots", name: (text) => text.bots.title },
  { path: "/latency", name: (text) => text.latency.title },
  { path: "/setup", name: (text) => text.setup.title },
];
