import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { aBot } from "../../testing/aBot";
import { answerWith } from "../../testing/answer";
import { renderSignedIn } from "../../testing/signedIn";
import { PublishBot } from "./PublishBot";

const BOT = aBot({ version: 3, has_unpublished_changes: true });

afterEach(cleanup);

it("has what was changed serve", async () => {
  const sent = answerWith(() => Response.json({ number: 4 }));
  renderSignedIn(<PublishBot of={BOT} />);
  screen.getByText(/Version 3 serves sessions. What was changed/);

  fireEvent.click(screen.getByRole("button", { name: "Publish" }));

  await waitFor(() => expect(sent[0]?.path).toBe("/api/v1/bots/b1/publish"));
  expect(sent[0]?.init.method).toBe("POST");
});

it("sends along why, and shows what the API has against that", async () => {
  const refusal = { error: { code: "validation_error", message: "note: Too long", param: "note" } };
  const sent = answerWith(() => Response.json(refusal, { status: 422 }));
  renderSignedIn(<PublishBot of={BOT} />);
  const why = screen.getByLabelText("Why, in a line (optional)");
  fireEvent.change(why, { target: { value: "New opening hours" } });

  fireEvent.click(screen.getByRole("button", { name: "Publish" }));

  await waitFor(() => expect(why.getAttribute("aria-invalid")).toBe("true"));
  expect(sent[0]?.init.body).toBe(JSON.stringify({ note: "New opening hours" }));
});

it("offers nothing where all that was changed serves already", () => {
  answerWith(() => Response.json({}));
  renderSignedIn(<PublishBot of={{ ...BOT, has_unpublished_changes: false }} />);
  expect(screen.getByText(/Version 3/).textContent).toBe("Version 3 serves sessions.");
  expect(screen.queryByRole("button")).toBeNull();
});
