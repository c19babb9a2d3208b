import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LoadCall } from "./conversation";
import { aMicrophone, anElement, aServer, FakeCall, SESSION } from "./testing";

beforeEach(() => {
  FakeCall.canJoin = true;
  document.documentElement.removeAttribute("lang");
});

async function called(attributes: Record<string, string> = {}) {
  const [microphone, asked] = [aMicrophone(), aServer()];
  const shown = anElement(attributes);
  await shown.element.start();
  return { ...shown, ...microphone, asked, call: FakeCall.last };
}

describe("a call", () => {
  it("asks the page's own server, in the element's language", async () => {
    const { asked } = await called({ lang: "hi-IN" });
    const [url, init] = asked.mock.calls[0] ?? [];
    expect([url, init?.method, init?.body]).toEqual(["/call", "POST", '{"language":"hi"}']);
    expect(Object.keys(init?.headers ?? {})).toEqual(["Content-Type"]);
  });

  it("says what is going on, in words and in events", async () => {
    const { call, states, text, shown } = await called();
    expect(text("state")).toBe("Connecting…");
    for (const agentState of ["initializing", "speaking", "listening", "thinking"]) {
      call.tell({ agentState });
    }
    expect(text("state")).toBe("Thinking");
    call.tell({ reconnecting: true });
    expect(text("state")).toBe("Reconnecting…");
    expect(states).toEqual(["connecting", "speaking", "listening", "thinking", "reconnecting"]);
    expect(shown()).toEqual(["Mute", "Hang up"]);
  });

  it("waits for an agent that went away", async () => {
    const { call, text } = await called();
    call.tell({ agentState: "listening" });
    call.tell({ agentState: null });
    expect(text("state")).toBe("Reconnecting…");
    call.tell({ agentState: "listening" });
    expect(text("state")).toBe("Listening");
  });

  it("is muted and heard again, and says so", async () => {
    const { call, element, part, text, shown } = await called();
    call.tell({ agentState: "listening" });
    part("mute").click();
    await vi.waitFor(() => expect(text("state")).toBe("Listening – you are muted"));
    expect([call.muted, element.muted, shown()[0]]).toEqual([true, true, "Unmute"]);
    part("mute").click();
    await vi.waitFor(() => expect(text("state")).toBe("Listening"));
    expect(call.muted).toBe(false);
  });

  it("offers to allow sound where the browser keeps it back", async () => {
    const { call, part, shown } = await called();
    call.tell({ soundBlocked: true });
    expect(shown()).toContain("Allow sound");
    part("sound").click();
    await vi.waitFor(() => expect(shown()).not.toContain("Allow sound"));
  });

  it("shows captions only where they are wanted, and tells each to the page", async () => {
    const { call, element, part } = await called();
    const told: object[] = [];
    element.addEventListener("vaarta:caption", (event) => told.push((event as CustomEvent).detail));
    const line = { id: "a", speaker: "you" as const, text: "Hello.", final: true, echo: false };
    call.tell({ lines: [line] });
    expect(part("captions").hidden).toBe(true);
    element.setAttribute("captions", "");
    expect(part("captions").textContent).toBe("You: Hello.");
    expect(told).toEqual([{ id: "a", speaker: "caller", text: "Hello.", final: true }]);
  });

  it("is one at a time, and another one after it", async () => {
    const { element, asked, text, shown } = await called();
    await element.start();
    expect(asked).toHaveBeenCalledTimes(1);
    element.hangUp();
    expect([text("state"), shown()]).toEqual(["You ended the call.", ["Call again"]]);
    await element.start();
    expect(asked).toHaveBeenCalledTimes(2);
    expect(element.state).toBe("connecting");
  });
});

describe("the end of a call", () => {
  it.each([
    ["closed", "listening", "closed", "The call has ended."],
    ["closed", null, "unanswered", "Nobody answered. Try again in a moment."],
    ["lost", "listening", "lost", "The connection was lost. Call again to go on."],
  ] as const)("%s with the agent %s is %s", async (end, agentState, reason, words) => {
    const { call, ends, given, text } = await called();
    call.tell({ agentState });
    call.tell({ end });
    expect(ends).toEqual([{ reason, session_id: SESSION.id }]);
    expect(text("state") + text("problem")).toBe(words);
    expect([call.hasLeft, given.map((track) => track.isLive)]).toEqual([true, [false]]);
  });

  it("comes when the element is taken out of the page, and not when it is moved", async () => {
    const { call, element, ends, given } = await called();
    document.body.append(document.createElement("div"));
    document.body.lastElementChild?.append(element);
    await Promise.resolve();
    expect([call.hasLeft, element.state]).toEqual([false, "connecting"]);
    element.remove();
    await Promise.resolve();
    expect(ends).toEqual([{ reason: "left", session_id: SESSION.id }]);
    expect([call.hasLeft, given[0]?.isLive]).toEqual([true, false]);
  });

  it("comes when the page is left", async () => {
    const { call, ends, given } = await called();
    window.dispatchEvent(new Event("pagehide"));
    expect(ends).toEqual([{ reason: "left", session_id: SESSION.id }]);
    expect([call.hasLeft, given[0]?.isLive]).toEqual([true, false]);
  });

  it("lets go of a microphone that is given after it", async () => {
    aServer();
    const { given } = aMicrophone();
    const { element, ends } = anElement();
    const started = element.start();
    element.hangUp();
    await started;
    expect(given.map((track) => track.isLive)).toEqual([false]);
    expect(ends).toEqual([{ reason: "hung_up", session_id: null }]);
  });
});

describe("a call that does not come about", () => {
  it.each([
    ["NotAllowedError", "microphone_refused", "The microphone is blocked for this page."],
    ["NotFoundError", "microphone_missing", "No microphone was found."],
    ["NotReadableError", "microphone_busy", "Another program is using the microphone."],
    ["TypeError", "microphone_unavailable", "The microphone could not be opened."],
  ])("for want of a microphone, %s, asks for no session", async (name, reason, words) => {
    aMicrophone(name);
    const asked = aServer();
    const { element, ends, text, shown } = anElement();
    await element.start();
    expect(ends).toEqual([{ reason, session_id: null }]);
    expect(text("problem")).toContain(words);
    expect(asked).not.toHaveBeenCalled();
    expect(shown()).toEqual(["Call again"]);
  });

  it("does not ask for the microphone on a page that gets none", async () => {
    const { getUserMedia } = aMicrophone();
    vi.stubGlobal("isSecureContext", false);
    const { element, ends } = anElement();
    await element.start();
    expect(getUserMedia).not.toHaveBeenCalled();
    expect(ends).toEqual([{ reason: "microphone_insecure", session_id: null }]);
  });

  it.each([
    [401, "not_allowed"],
    [403, "not_allowed"],
    [402, "busy"],
    [429, "busy"],
    [503, "busy"],
    [500, "unavailable"],
    [404, "unavailable"],
  ])("after a %s says that it is %s, and lets go of the microphone", async (status, reason) => {
    const { given } = aMicrophone();
    aServer(status, {});
    const { element, ends, part } = anElement();
    await element.start();
    expect(ends).toEqual([{ reason, session_id: null }]);
    expect(part("problem").role).toBe("alert");
    expect(given.map((track) => track.isLive)).toEqual([false]);
  });

  it.each([[null], [[]], [{ ...SESSION, token: undefined }], ["<!doctype html>"]])(
    "takes %j for no session",
    async (answer) => {
      aMicrophone();
      aServer(200, answer);
      const { element, ends } = anElement();
      await element.start();
      expect(ends).toEqual([{ reason: "unavailable", session_id: null }]);
    },
  );

  it.each([
    ["no server is named", { "session-url": "" }, undefined],
    ["the server is away", { "session-url": "/away" }, undefined],
    ["the script is gone", {}, () => Promise.reject(new TypeError("404"))],
  ])("says so where %s", async (_, attributes: Record<string, string>, load?: LoadCall) => {
    const { given } = aMicrophone();
    aServer().mockImplementation(async (url) => {
      if (url === "/away") throw new TypeError("offline");
      return Response.json(SESSION);
    });
    const { element, ends } = anElement(attributes, load);
    await element.start();
    expect(ends).toEqual([{ reason: "unavailable", session_id: null }]);
    expect(given.map((track) => track.isLive)).toEqual([false]);
  });

  it("says so where the room cannot be reached", async () => {
    FakeCall.canJoin = false;
    const { ends, given, text } = await called();
    expect(ends).toEqual([{ reason: "unreachable", session_id: SESSION.id }]);
    expect(text("problem")).toContain("did not get through");
    expect(given[0]?.isLive).toBe(false);
  });
});

describe("the element", () => {
  it.each([
    ["", "", "Start a call", "en"],
    ["hi", "", "कॉल करें", "hi"],
    ["", "hi-IN", "कॉल करें", "hi"],
    ["en", "hi", "Start a call", "en"],
    ["hil", "", "Start a call", "en"],
  ])("with lang %j on a page with lang %j says %j", (own, page, words, language) => {
    if (page) document.documentElement.lang = page;
    const { part, text } = anElement(own ? { lang: own } : {});
    expect([text("start"), part("call").lang]).toEqual([words, language]);
  });

  it("changes its words while it is shown", () => {
    const { element, text } = anElement({ label: "Talk to the shop" });
    expect(text("start")).toBe("Talk to the shop");
    element.removeAttribute("label");
    element.lang = "hi";
    expect(text("start")).toBe("कॉल करें");
  });

  it("tells its state politely, and is pressed with keys alone", async () => {
    aMicrophone();
    aServer();
    const { element, part } = anElement();
    expect([part("state").role, part("captions").role]).toEqual(["status", "log"]);
    part("start").focus();
    part("start").click();
    await vi.waitFor(() => expect(element.shadowRoot?.activeElement).toBe(part("hang-up")));
    part("hang-up").click();
    expect(element.shadowRoot?.activeElement).toBe(part("start"));
  });

  it("takes no focus that was elsewhere", async () => {
    aMicrophone();
    aServer();
    const { element } = anElement();
    const field = document.createElement("input");
    document.body.append(field);
    field.focus();
    await element.start();
    element.hangUp();
    expect(document.activeElement).toBe(field);
  });
});
