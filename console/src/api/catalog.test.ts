import { describe, expect, it } from "vitest";
import { answerWith, refusal } from "../testing/answer";
import { getCatalog, voicesFor } from "./catalog";
import { createApiClient } from "./client";

const ROWS: Record<string, object[]> = {
  "/api/v1/languages": [
    { id: "en-IN", name: "English", stt: true, tts: true },
    { id: "sa-IN", name: "Sanskrit", stt: true, tts: false },
  ],
  "/api/v1/voices": [
    { id: "shubh", gender: "male", languages: ["en-IN", "hi-IN"] },
    { id: "amelia", gender: "female", languages: ["en-IN"] },
  ],
  "/api/v1/models": [{ id: "kimi-k2.5", name: "Kimi K2.5", status: "available" }],
};

const read = () => getCatalog(createApiClient("key"), new AbortController().signal);

describe("getCatalog", () => {
  it("offers only languages that are both heard and spoken", async () => {
    answerWith(({ path }) => Response.json(ROWS[path.replace("?limit=200", "")]));
    expect((await read())?.languages.map(({ id }) => id)).toEqual(["en-IN"]);
  });

  it("is none where the routes do not exist", async () => {
    answerWith(() => refusal(404, { message: "No such route", code: "not_found" }));
    expect(await read()).toBeNull();
  });

  it("does not take a broken server for one without a catalog", async () => {
    answerWith(() => refusal(503, { message: "Later", code: "service_unavailable" }));
    await expect(read()).rejects.toMatchObject({ status: 503 });
  });
});

describe("voicesFor", () => {
  it("keeps to the voices that speak the language", async () => {
    answerWith(({ path }) => Response.json(ROWS[path.replace("?limit=200", "")]));
    const catalog = await read();
    if (catalog === null) throw new Error("the catalog was not read");
    expect(voicesFor(catalog, "hi-IN").map(({ id }) => id)).toEqual(["shubh"]);
    expect(voicesFor(catalog, "ta-IN").map(({ id }) => id)).toEqual(["shubh", "amelia"]);
  });
});
