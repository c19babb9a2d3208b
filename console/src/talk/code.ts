import type { SessionRequest } from "../api/sessions";

export type CodeLanguage = "curl" | "javascript" | "python";

export const CODE_LANGUAGES: readonly { id: CodeLanguage; name: string }[] = [
  { id: "curl", name: "curl" },
  { id: "javascript", name: "JavaScript" },
  { id: "python", name: "Python" },
];

/** A program that creates exactly this session and joins it; it reads the key where it runs. */
export function codeOf(language: CodeLanguage, origin: string, request: SessionRequest): string {
  return PROGRAMS[language](`${origin}/v1/voice/sessions`, request);
}

type Program = (url: string, request: SessionRequest) => string;

const PROGRAMS: Record<CodeLanguage, Program> = { curl, javascript, python };

function curl(url: string, request: SessionRequest): string {
  return `curl -X POST ${quoted(url)} \\
  -H "Authorization: Bearer $VAARTA_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${quoted(JSON.stringify(request, null, 2))}
`;
}

/** In a shell's single quotes nothing is special but the quote itself. */
function quoted(words: string): string {
  return `'${words.replaceAll("'", "'\\''")}'`;
}

/** What runs in a browser can be read by all who open the page. */
export const IN_THE_BROWSER =
  "In the browser, from what your server answers with createSession() at /voice-session:";

function javascript(url: string, request: SessionRequest): string {
  return `// On your server, where the key stays:
export async function createSession() {
  const response = await fetch(${JSON.stringify(url)}, {
    method: "POST",
    headers: {
      Authorization: "Bearer " + process.env.VAARTA_API_KEY,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(${indented(request, "    ")}),
  });
  if (!response.ok) throw new Error(await response.text());
  const { ws_url, token } = await response.json();
  return { ws_url, token };
}

// ${IN_THE_BROWSER}
import { Room, RoomEvent } from "livekit-client";

const response = await fetch("/voice-session", { method: "POST" });
const session = await response.json();

const room = new Room();
room.on(RoomEvent.TrackSubscribed, (track) => document.body.append(track.attach()));
room.on(RoomEvent.TranscriptionReceived, (segments, participant) => {
  for (const { text, final } of segments) {
    if (final) console.log(participant?.isLocal ? "You:" : "Agent:", text);
  }
});
await room.connect(session.ws_url, session.token);
await room.localParticipant.setMicrophoneEnabled(true);
`;
}

/** The request has texts, by name too, and numbers only, which JSON and Python write alike. */
function python(url: string, request: SessionRequest): string {
  return `import asyncio
import os

import requests
from livekit import rtc

response = requests.post(
    ${JSON.stringify(url)},
    headers={"Authorization": "Bearer " + os.environ["VAARTA_API_KEY"]},
    json=${indented(request, "    ")},
    timeout=15,
)
response.raise_for_status()
session = response.json()


async def main() -> None:
    room = rtc.Room()

    @room.on("transcription_received")
    def told(segments, participant, publication):
        for segment in segments:
            if segment.final:
                print(segment.text)

    await room.connect(session["ws_url"], session["token"])
    await asyncio.sleep(30)
    await room.disconnect()


asyncio.run(main())
`;
}

function indented(request: SessionRequest, indent: string): string {
  return JSON.stringify(request, null, indent).replaceAll("\n", `\n${indent}`);
}
