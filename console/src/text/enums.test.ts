import { describe, expect, it } from "vitest";
import { ENUMS } from "../api/enums";
import { english } from "./english";
import { hindi } from "./hindi";
import type { Texts } from "./useText";

type Labels = (texts: Texts) => Record<string, unknown>;

/** Where each list of the API has its labels; `null`: no page shows its words. */
const LABELS: Record<keyof typeof ENUMS, readonly Labels[] | null> = {
  ActorKind: [({ bots }) => bots.versions.authors],
  AnalysisError: null,
  AnalysisStatus: null,
  CatalogVoiceGender: [({ talk }) => talk.form.genders],
  ChecksDatabase: null,
  ChecksLivekit: null,
  ChecksProcess: null,
  DeliveryStatus: [({ webhooks }) => webhooks.statuses],
  EndReason: [
    ({ session }) => session.reasons,
    ({ sessions }) => sessions.reasons,
    ({ talk }) => talk.ended.reasons,
  ],
  EntryKind: [({ credits }) => credits.kinds],
  Grouping: [({ latency }) => ({ ...latency.by, ...latency.over })],
  Plan: null,
  ReadyStatus: null,
  RecordingChannels: null,
  RefusalType: null,
  Service: [({ credits }) => credits.services, ({ session }) => session.cost.services],
  SessionSentiment: [({ sessions }) => sessions.sentiments],
  SessionStatus: [({ sessions }) => sessions.statuses],
  Stage: [({ turns, latency }) => ({ ...turns.latency.stages, total_ms: latency.total })],
  TalkedPunctuation: [({ doctor }) => doctor.talk.habits],
  TalkedStandIns: null,
  TurnToolCallOutcome: [({ record }) => record.outcomes],
  Verdict: [({ talk }) => talk.form.verdicts],
  VoiceModelStatus: [({ talk }) => talk.form.modelStatus],
  WebhookEvent: [({ webhooks }) => webhooks.events],
};

const DEVANAGARI = /\p{Script=Devanagari}/u;

const shown = Object.entries(LABELS).flatMap(([name, labels]) =>
  (labels ?? []).flatMap((of) =>
    ENUMS[name as keyof typeof ENUMS].map((word) => ({ name, word, of })),
  ),
);

/** A label, or what a label consists of. */
function wordsIn(label: unknown): string[] {
  return typeof label === "string" ? [label] : Object.values(label as object);
}

describe("the API's words", () => {
  it.each(shown)("has $name $word in both languages", ({ word, of }) => {
    for (const label of wordsIn(of(english)[word])) expect(label).toMatch(/[a-z]/);
    for (const label of wordsIn(of(hindi)[word])) expect(label).toMatch(DEVANAGARI);
  });
});

/** Every text that is no function, with its place. */
function textsIn(area: unknown, place: string): [string, string][] {
  if (typeof area === "string") return [[place, area]];
  if (typeof area !== "object" || area === null) return [];
  return Object.entries(area).flatMap(([name, part]) => textsIn(part, `${place}.${name}`));
}

describe("Hindi", () => {
  const written = new Map(textsIn(english, ""));

  it.each(textsIn(hindi, ""))("is Hindi at %s, or a name", (place, text) => {
    if (!DEVANAGARI.test(text)) expect(text).toBe(written.get(place));
  });

  it("calls a key a key", () => {
    const keys = JSON.stringify(hindi.keys) + JSON.stringify(hindi.app.signIn);
    expect(keys).toContain("कुंजी");
    expect(keys).not.toMatch(/(API|नई|कोई|यह|ऐसी|इस|को|उस) की[ "]/);
  });
});
