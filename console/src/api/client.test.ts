import { describe, expect, it } from "vitest";
import { answerWith, refusal } from "../testing/answer";
import { createApiClient } from "./client";

const ok = () => new Response("{}");

describe("the API client", () => {
  it("sends the credential in a header and nowhere else", async () => {
    const sent = answerWith(ok);
    await createApiClient("cm_live_secret").getJson("/v1/voice/sessions");
    expect(sent[0]?.path).toBe("/v1/voice/sessions");
    expect(sent[0]?.init.headers).toEqual({ Authorization: "Bearer cm_live_secret" });
  });

  it("sends no Authorization for nobody", async () => {
    const sent = answerWith(ok);
    await createApiClient(null).getJson("/console/config.json");
    expect(sent[0]?.init.headers).toEqual({});
  });

  it("reads a list with how many there are in all", async () => {
    answerWith(() => Response.json([{ id: "1" }], { headers: { "X-Total-Count": "7" } }));
    const found = await createApiClient("key").getRows("/v1/voice/sessions?limit=1");
    expect(found).toEqual({ rows: [{ id: "1" }], total: 7 });
  });

  it("takes an answer without content for what it is", async () => {
    const sent = answerWith(() => new Response(null, { status: 204 }));
    expect(await createApiClient("key").send("DELETE", "/api/v1/keys/1")).toBeUndefined();
    expect(sent[0]?.init.body).toBeUndefined();
  });

  it("sends JSON", async () => {
    const sent = answerWith(ok);
    await createApiClient("key").send("POST", "/v1/voice/sessions", { voice: "shubh" });
    expect(sent[0]?.init).toMatchObject({
      method: "POST",
      body: '{"voice":"shubh"}',
      headers: { Authorization: "Bearer key", "Content-Type": "application/json" },
    });
  });

  it("throws the API's own refusal", async () => {
    answerWith(() => refusal(401, { message: "Unknown key", code: "invalid_api_key" }));
    await expect(createApiClient("key").getJson("/v1/x")).rejects.toMatchObject({
      name: "ApiError",
      status: 401,
      code: "invalid_api_key",
    });
  });

  it("tells an API that cannot be reached from one that refuses", async () => {
    answerWith(() => Promise.reject(new TypeError("fetch failed")));
    await expect(createApiClient("key").getJson("/v1/x")).rejects.toMatchObject({
      status: 0,
      code: "unreachable",
    });
  });

  it("does not take a page of something else for an answer", async () => {
    answerWith(() => new Response("<!doctype html>"));
    await expect(createApiClient("key").getJson("/v1/x")).rejects.toMatchObject({
      code: "bad_answer",
    });
  });

  it("lets a caller's own abort through as one", async () => {
    const stopped = new AbortController();
    stopped.abort();
    answerWith(({ init }) => Promise.reject(init.signal?.reason));
    await expect(createApiClient("key").getJson("/v1/x", stopped.signal)).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
