import { strFromU8, unzipSync } from "fflate";
import { expect, it } from "vitest";
import { createApiClient } from "../api/client";
import { ApiError } from "../api/error";
import { answerWith, refusal } from "../testing/answer";
import { pack } from "./pack";

const api = createApiClient("cm_live_1");
const unpacked = async (file: Blob) => {
  const files = unzipSync(new Uint8Array(await file.arrayBuffer()));
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
};

it("holds each part as the API gives it, and the recording", async () => {
  answerWith(({ path }) => new Response(`from ${path}`));
  const file = await pack(api, "s-1", new Blob(["OggS"]));
  expect(await unpacked(file)).toEqual({
    "session.json": "from /v1/voice/sessions/s-1",
    "cost.json": "from /v1/voice/sessions/s-1/cost",
    "transcript.json": "from /v1/voice/sessions/s-1/transcript",
    "transcript.txt": "from /v1/voice/sessions/s-1/transcript?format=txt",
    "transcript.srt": "from /v1/voice/sessions/s-1/transcript?format=srt",
    "recording.ogg": "OggS",
  });
});

it("has no recording where there is none", async () => {
  answerWith(() => new Response(""));
  expect(Object.keys(await unpacked(await pack(api, "s-1", null)))).not.toContain("recording.ogg");
});

it("is not made of a part of what was asked for", async () => {
  answerWith(({ path }) =>
    path.endsWith("/cost") ? refusal(503, { code: "service_unavailable" }) : new Response(""),
  );
  await expect(pack(api, "s-1", null)).rejects.toThrow(ApiError);
});
