import { expect, it } from "vitest";
import type { SessionRequest } from "../api/sessions";
import { codeOf, IN_THE_BROWSER } from "./code";

const ORIGIN = "https://voice.example";
const REQUEST: SessionRequest = {
  language: "hi-IN",
  voice: "priya",
  llm_model: "kimi-k2.5",
  system_prompt: "It's Asha's shop.\nSay \"नमस्ते\".",
  max_duration_seconds: 60,
};

it("quotes for the shell what a shell would take apart", () => {
  const code = codeOf("curl", ORIGIN, REQUEST);
  expect(code).toContain("'https://voice.example/v1/voice/sessions'");
  expect(code).toContain("It'\\''s Asha'\\''s shop.");
});

it.each(["javascript", "python"] as const)("creates exactly this session in %s", (language) => {
  const code = codeOf(language, ORIGIN, REQUEST);
  expect(code).toContain('"https://voice.example/v1/voice/sessions"');
  for (const [name, value] of Object.entries(REQUEST)) {
    expect(code).toContain(`"${name}": ${JSON.stringify(value)}`);
  }
});

it.each(["curl", "javascript", "python"] as const)(
  "names a key in %s and holds none",
  (language) => {
    const code = codeOf(language, ORIGIN, REQUEST);
    expect(code).toMatch(
      /\$VAARTA_API_KEY|process\.env\.VAARTA_API_KEY|os\.environ\["VAARTA_API_KEY"\]/,
    );
    expect(code).not.toMatch(/cm_|eyJ/);
  },
);

it("gives a browser nothing but its own session's token", () => {
  const [server, browser] = codeOf("javascript", ORIGIN, REQUEST).split(IN_THE_BROWSER);
  expect(server).toContain("return { ws_url, token };");
  expect(browser).not.toMatch(/API_KEY|Authorization|voice\.example/);
});
