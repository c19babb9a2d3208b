import { Theme } from "@radix-ui/themes";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { App } from "../../app/App";
import { answerWith, refusal } from "../../testing/answer";

beforeEach(() => {
  sessionStorage.setItem("vaarta.credential", "cm_live_1");
  history.replaceState(null, "", "/console/setup/keys");
});
afterEach(cleanup);

it("says to a key what is missing, how to get it, and lets go of the key", async () => {
  answerWith(({ path }) =>
    path.startsWith("/console/")
      ? Response.json({ api_key: null, jwt: null })
      : refusal(403, { message: "This needs a person's token.", code: "permission_denied" }),
  );
  render(<App />, { wrapper: Theme });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("This needs a person's token.");
  expect(alert.textContent).toContain("vaarta token --tenant … --role admin");
  fireEvent.click(screen.getByRole("button", { name: "Sign in as somebody else" }));
  await screen.findByLabelText("API key or JWT");
  await waitFor(() => expect(sessionStorage.length).toBe(0));
});
