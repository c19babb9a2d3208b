import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { aBot } from "../testing/aBot";
import { answerWith, refusal, type Sent } from "../testing/answer";
import { renderSignedIn } from "../testing/signedIn";
import { SessionForm } from "./SessionForm";
import { TalkProvider } from "./TalkProvider";

afterEach(() => {
  cleanup();
  history.replaceState(null, "", "/");
});

const BOT = aBot({
  system_prompt: "Answer for {{shop}}.",
  config: { language: "ta-IN", variables: { shop: "Asha’s" } },
  version: 3,
  has_unpublished_changes: true,
});
const SERVES = { number: 3, system_prompt: "Answer.", config: { language: "hi-IN" } };

const CATALOG: Record<string, object[]> = {
  languages: [
    { id: "hi-IN", name: "Hindi", stt: true, tts: true },
    { id: "ta-IN", name: "Tamil", stt: true, tts: true },
  ],
  voices: [{ id: "priya", gender: "female", languages: ["hi-IN", "ta-IN"] }],
};

/** The form at this address, of a server that refuses every start. */
function open(address: string): Sent[] {
  history.replaceState(null, "", address);
  const sent = answerWith(({ path, init }) => {
    if (init.method === "POST") return refusal(422, { message: "No", code: "x" });
    if (path === "/api/v1/bots/b1") return Response.json(BOT);
    if (path === "/api/v1/bots/b1/versions/3") return Response.json(SERVES);
    if (path === "/api/v1/status") return Response.json({ checks: [] });
    return Response.json(CATALOG[/(\w+)(\?|$)/.exec(path)?.[1] ?? ""] ?? []);
  });
  renderSignedIn(
    <TalkProvider>
      <SessionForm />
    </TalkProvider>,
  );
  return sent;
}

async function started(sent: Sent[], by = "Start talking"): Promise<unknown> {
  fireEvent.click(screen.getByRole("button", { name: by }));
  await screen.findByRole("alert");
  return JSON.parse(String(sent.find(({ init }) => init.method === "POST")?.init.body));
}

const spoken = (name: string) => screen.findByDisplayValue(name);

it("speaks as the version that serves, whatever its draft says", async () => {
  const sent = open("/?bot=b1");
  await spoken("Hindi");
  expect(screen.queryByLabelText("shop")).toBeNull();
  const request = await started(sent);
  expect(request).toMatchObject({ bot_id: "b1", language: "hi-IN" });
  expect(request).not.toHaveProperty("bot_version");
});

it("tries the draft where the address names it, by text as well", async () => {
  const sent = open("/?bot=b1&version=draft");
  await spoken("Tamil");
  screen.getByText(/as its draft says/);
  expect(screen.getByLabelText("shop")).toBeDefined();
  const request = await started(sent, "Write instead");
  expect(request).toMatchObject({ bot_id: "b1", bot_version: "draft", language: "ta-IN" });
});

it("takes what is no version for none", async () => {
  const sent = open("/?bot=b1&version=0x1");
  await spoken("Hindi");
  expect(await started(sent)).not.toHaveProperty("bot_version");
});
