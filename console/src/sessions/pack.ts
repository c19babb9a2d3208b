import type { Zippable } from "fflate";
import type { ApiClient } from "../api/client";
import { SESSIONS } from "../api/sessions";
import { part } from "../app/part";

/** What the API tells of a session, by the file that it becomes. */
const TOLD = {
  "session.json": "",
  "cost.json": "/cost",
  "transcript.json": "/transcript",
  "transcript.txt": "/transcript?format=txt",
  "transcript.srt": "/transcript?format=srt",
};
/** Opus is as small as it gets. */
const AS_IT_IS = 0;

/** All that is kept of a session in one ZIP file, each part as the API gives it. */
export async function pack(api: ApiClient, id: string, sound: Blob | null): Promise<Blob> {
  const { zipSync } = await part(import("fflate"));
  const told = await Promise.all(
    Object.entries(TOLD).map(async ([name, path]) => {
      return [name, await bytesOf(await api.getBlob(`${SESSIONS}/${id}${path}`))] as const;
    }),
  );
  const files: Zippable = Object.fromEntries(told);
  if (sound) files["recording.ogg"] = [await bytesOf(sound), { level: AS_IT_IS }];
  const zipped = zipSync(files);
  return new Blob([zipped], { type: "application/zip" });
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
