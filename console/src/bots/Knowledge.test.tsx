import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Bot } from "../api/bots";
import { answerWith } from "../testing/answer";
import { renderSignedIn } from "../testing/signedIn";
import { Knowledge } from "./Knowledge";

const BOT: Bot = {
  id: "b1",
  name: "Front desk",
  system_prompt: null,
  config: {},
  is_active: true,
  updated_at: "2026-11-01T00:00:00Z",
  version: 1,
  has_unpublished_changes: false,
};
const LISTED = {
  id: "d1",
  name: "Opening hours",
  content_bytes: 1234,
  created_at: "2026-11-01T00:00:00Z",
};

afterEach(cleanup);

it("asks for a document's text when it is to be read", async () => {
  const sent = answerWith(({ path }) =>
    path.endsWith("/d1")
      ? Response.json({ ...LISTED, content: "Nine to six." })
      : Response.json([LISTED], { headers: { "X-Total-Count": "1" } }),
  );
  renderSignedIn(<Knowledge of={BOT} />);
  await screen.findByText(/1,234 bytes/);

  fireEvent.click(screen.getByRole("button", { name: "Read: Opening hours" }));

  await screen.findByText("Nine to six.");
  expect(sent.at(-1)?.path).toBe("/api/v1/bots/b1/knowledge/d1");
});
