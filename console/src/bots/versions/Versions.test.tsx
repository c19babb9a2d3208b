import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { aBot } from "../../testing/aBot";
import { answerWith } from "../../testing/answer";
import { renderSignedIn } from "../../testing/signedIn";
import { Versions } from "./Versions";

const BOT = aBot({
  system_prompt: "Be kind.",
  config: { voice: "priya" },
  version: 2,
  has_unpublished_changes: true,
});
const LISTED = [
  {
    number: 2,
    changed_fields: ["system_prompt", "config.record"],
    published_at: "2026-11-02T10:00:00Z",
    published_by: { kind: "jwt", id: "asha" },
    note: "Shorter answers",
  },
  {
    number: 1,
    changed_fields: [],
    published_at: "2026-11-01T10:00:00Z",
    published_by: null,
    note: null,
  },
];
const SAID = {
  "/2": { ...LISTED[0], system_prompt: "Be short.", config: { voice: "priya" } },
  "/1": { ...LISTED[1], system_prompt: "Be there.", config: {} },
};

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
});
afterEach(cleanup);

function show(bot = BOT) {
  const onRestored = vi.fn();
  const sent = answerWith(({ path, init }) => {
    if (init.method === "POST") {
      return Response.json(path.endsWith("/publish") ? { number: 3 } : bot);
    }
    if (path === "/api/v1/bots/b1") return Response.json(bot);
    const said = Object.entries(SAID).find(([end]) => path.endsWith(`/versions${end}`));
    return Response.json(said ? said[1] : LISTED, { headers: { "X-Total-Count": "2" } });
  });
  renderSignedIn(<Versions of={bot} onRestored={onRestored} />);
  return { sent, onRestored };
}

const row = async (name: RegExp) => within(await screen.findByRole("row", { name }));
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const posted = (sent: ReturnType<typeof show>["sent"]) =>
  sent.filter(({ init }) => init.method === "POST").map(({ path }) => path);

it("tells what was published, when, by whom, why and what that changed", async () => {
  show();
  const second = await row(/Version 2/);
  second.getByText("serves");
  second.getByText(/Changed: System prompt, record/);
  second.getByText(/signed in as/);
  second.getByText("asha");
  second.getByText("Shorter answers");
  expect((await row(/Version 1/)).queryByText("serves")).toBeNull();
  const tried = (await row(/^Draft/)).getByRole("link", { name: "Try: Draft" });
  expect(tried.getAttribute("href")).toBe("/?bot=b1&version=draft");
});

it("shows no draft where all of it serves, and does not offer to go back to what serves", async () => {
  show({ ...BOT, has_unpublished_changes: false });
  const second = await row(/Version 2/);
  expect(screen.queryByRole("row", { name: /^Draft/ })).toBeNull();
  expect(second.queryByRole("button", { name: /Restore/ })).toBeNull();
});

it("compares the draft with what serves, and with another that is chosen", async () => {
  show();
  await row(/^Draft/);
  press("Compare: Draft");
  const dialog = within(await screen.findByRole("dialog"));
  expect((await dialog.findByText("Be short.")).closest("del")).not.toBeNull();
  expect(dialog.getByText("Be kind.").closest("ins")).not.toBeNull();
  dialog.getByText("Shorter answers");
  fireEvent.change(dialog.getByLabelText("From"), { target: { value: "1" } });
  expect((await dialog.findByText("Be there.")).closest("del")).not.toBeNull();
  expect(dialog.getByText("priya").closest("ins")).not.toBeNull();
});

it("asks before it goes back to a version, and publishes it only where that is wanted", async () => {
  const { sent, onRestored } = show();
  await row(/Version 1/);
  press("Restore: Version 1");
  await screen.findByText(/was not published, is lost/);
  press("Restore");
  await waitFor(() => expect(onRestored).toHaveBeenCalled());
  expect(posted(sent)).toEqual(["/api/v1/bots/b1/versions/1/restore"]);

  press("Restore: Version 1");
  fireEvent.click(await screen.findByRole("checkbox", { name: /Publish it at once/ }));
  fireEvent.change(screen.getByLabelText(/^Why/), { target: { value: "Longer after all" } });
  press("Restore");
  await waitFor(() => expect(posted(sent)).toHaveLength(3));
  expect(posted(sent).at(-1)).toBe("/api/v1/bots/b1/publish");
  const published = sent.find(({ path }) => path.endsWith("/publish"));
  expect(published?.init.body).toBe(JSON.stringify({ note: "Longer after all" }));
});
