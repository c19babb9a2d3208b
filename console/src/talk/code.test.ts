import { expect, it } from "vitest";
import type { SessionRequest } from "../api/sessions";
import { codeOf } from "./code";

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
    expect(codeOf(language, ORIGIN, REQUEST)).toContain("VAARTA_API_KEY");
  },
);
