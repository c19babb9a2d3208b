import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { answerWith, refusal, type Sent } from "../testing/answer";
import { renderSignedIn } from "../testing/signedIn";
import { SessionForm } from "./SessionForm";
import { TalkProvider } from "./TalkProvider";

afterEach(cleanup);

const ROWS: Record<string, object[]> = {
  languages: [{ id: "en-IN", name: "English", stt: true, tts: true }],
  voices: [
    { id: "priya", gender: "female", languages: ["en-IN"] },
    { id: "rahul", gender: "male", languages: ["en-IN"] },
    { id: "meera", gender: "female", languages: ["ta-IN"] },
  ],
  models: [
    { id: "kimi-k2.5", name: "Kimi K2.5", owned_by: "moonshotai", status: "available" },
    { id: "kimi-k2.5-fast", name: "Kimi Fast", owned_by: "moonshotai", status: "maintenance" },
  ],
  verdicts: [{ id: "kimi-k2.5", verdict: "eligible" }],
  latency: [
    { group: "kimi-k2.5", stages: { first_token_ms: { p50: 320 }, first_audio_ms: { p50: 1250 } } },
  ],
};

/** The form of a server that refuses every start so. */
function show(error: object = { message: "No", code: "x" }, checks: object[] = []): Sent[] {
  const sent = answerWith(({ path, init }) => {
    if (init.method === "POST") return refusal(422, error);
    if (path.includes("/voice/models")) return Response.json(ROWS.verdicts);
    if (path === "/api/v1/status") return Response.json({ checks });
    return Response.json(ROWS[/(\w+)(\?|$)/.exec(path)?.[1] ?? ""]);
  });
  const form = (
    <TalkProvider>
      <SessionForm />
    </TalkProvider>
  );
  renderSignedIn(form);
  return sent;
}

const field = (name: string) => screen.findByRole("button", { name });
const start = () => fireEvent.click(screen.getByRole("button", { name: "Start talking" }));
async function opened(name: string) {
  fireEvent.click(await field(name));
  return within(screen.getByRole("dialog"));
}

describe("SessionForm", () => {
  it("starts with what it shows, of which nothing had to be chosen", async () => {
    const sent = show();
    await field("Voice: Priya");
    start();
    await screen.findByRole("alert");
    const body = sent.find(({ init }) => init.method === "POST")?.init.body;
    const chosen = { language: "en-IN", voice: "priya", llm_model: "kimi-k2.5" };
    expect(JSON.parse(String(body))).toEqual(chosen);
  });

  it("has its fields in place while the catalog is on its way", () => {
    show();
    expect(screen.getByRole("button", { name: "Voice: shubh" })).toBeDefined();
  });

  it("lists voices by gender, finds one by name and takes it", async () => {
    show();
    const dialog = await opened("Voice: Priya");
    expect(dialog.getByRole("group", { name: "Female" })).toBeDefined();
    fireEvent.change(dialog.getByRole("searchbox"), { target: { value: "RAH" } });
    expect(dialog.getAllByRole("radio")).toHaveLength(1);
    fireEvent.click(dialog.getByRole("radio", { name: "Rahul" }));
    fireEvent.click(dialog.getByRole("button", { name: "Done" }));
    expect(await field("Voice: Rahul")).toBeDefined();
  });

  it("shows a voice that does not speak the language, and does not let it be taken", async () => {
    show();
    const dialog = await opened("Voice: Priya");
    const voice = dialog.getByRole<HTMLInputElement>("radio", { name: /Meera.*ta-IN only/ });
    expect(voice.disabled).toBe(true);
  });

  it("tells a model's status and how fast it was", async () => {
    show();
    const dialog = await opened("Model: Kimi K2.5");
    const name = /available · fast enough · First token 320 ms, first audio 1.25 s/;
    expect(await dialog.findByRole("radio", { name })).toBeDefined();
    const fast = dialog.getByRole<HTMLInputElement>("radio", { name: /Fast.*maintenance/ });
    expect(fast.disabled).toBe(true);
  });

  it("names the stand-ins that serve here, and tells no speed of theirs as a model's", async () => {
    show(undefined, [
      { name: "sarvam rest", ok: true, stand_in: true },
      { name: "llm openrouter", ok: true, stand_in: true },
    ]);
    expect(await screen.findByText(/A stand-in hears and speaks.*English only/)).toBeDefined();
    expect(screen.getByText(/A stand-in answers on this server/)).toBeDefined();
    const dialog = await opened("Model: Kimi K2.5");
    expect(dialog.getByRole("radio", { name: /K2.5 a stand-in answers/ })).toBeDefined();
  });

  it("ties the API's refusal to the field that it names", async () => {
    show({ code: "validation_error", message: "Too long", param: "voice" });
    await field("Voice: Priya");
    start();
    await screen.findByRole("alert");
    const voice = await field("Voice: Priya");
    expect(voice.getAttribute("aria-invalid")).toBe("true");
    const about = document.getElementById(voice.getAttribute("aria-describedby") ?? "");
    expect(about?.textContent).toBe("Too long");
  });

  it("asks for each variable that the prompt names, and sends its value", async () => {
    const sent = show();
    await field("Voice: Priya");
    const prompt = screen.getByLabelText("System prompt");
    fireEvent.change(prompt, { target: { value: "You answer for {{shop}}." } });
    fireEvent.change(screen.getByLabelText("shop"), { target: { value: "Asha’s" } });
    start();
    await screen.findByRole("alert");
    const body = sent.find(({ init }) => init.method === "POST")?.init.body;
    expect(JSON.parse(String(body)).variables).toEqual({ shop: "Asha’s" });
  });

  it("does not start with a prompt that the API would refuse", async () => {
    show();
    await field("Voice: Priya");
    const prompt = screen.getByLabelText("System prompt");
    fireEvent.change(prompt, { target: { value: "a".repeat(4097) } });
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Start talking" });
    expect(button.disabled).toBe(true);
  });
});
