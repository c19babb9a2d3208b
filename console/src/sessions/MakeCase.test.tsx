import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it } from "vitest";
import { answerWith, refusal } from "../testing/answer";
import { renderSignedIn } from "../testing/signedIn";
import { MakeCase } from "./MakeCase";

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
});
afterEach(cleanup);

const open = () =>
  fireEvent.click(screen.getByRole("button", { name: "Make a case of this call" }));

it("shows the suite that the API makes, once it is asked for", async () => {
  const sent = answerWith(() => new Response('name = "Session 1"\n[[case]]\n'));
  renderSignedIn(<MakeCase sessionId="s-1" />);
  expect(sent).toEqual([]);
  open();
  expect((await screen.findByText(/\[\[case\]\]/)).textContent).toContain('name = "Session 1"');
  expect(sent.map(({ path }) => path)).toEqual(["/v1/voice/sessions/s-1/eval-case"]);
  expect(screen.getByRole("button", { name: "Copy" })).toBeDefined();
  expect(screen.getByRole("button", { name: "Save as a file" })).toBeDefined();
});

it("says why there is none", async () => {
  const message = "Nothing that the caller said is kept of this session.";
  answerWith(() => refusal(409, { code: "conflict", message }));
  renderSignedIn(<MakeCase sessionId="s-1" />);
  open();
  expect((await screen.findByRole("alert")).textContent).toContain(message);
  expect(screen.queryByRole("button", { name: "Copy" })).toBeNull();
});
