import { Theme } from "@radix-ui/themes";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { answerWith } from "../testing/answer";
import { language } from "../text/language";
import { App } from "./App";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.setItem("vaarta.credential", "cm_live_1");
  answerWith(({ path }) => Response.json(path.startsWith("/console/") ? { api_key: null } : []));
});
afterEach(() => {
  language.choose("en");
  cleanup();
});

function open(path: string) {
  history.replaceState(null, "", path);
  render(<App />, { wrapper: Theme });
}

const title = (name: string) => screen.findByRole("heading", { level: 1, name });

it("goes from page to page, names the tab and moves the focus to the title", async () => {
  open("/console/nowhere");
  await title("There is no such page");
  fireEvent.click(screen.getByRole("link", { name: "Sessions" }));
  const heading = await title("Sessions");
  expect(location.pathname).toBe("/console/sessions");
  await waitFor(() => expect(document.title).toBe("Sessions · Vaarta"));
  expect(document.activeElement).toBe(heading);
  expect(screen.getByRole("link", { current: "page" }).textContent).toBe("Sessions");
});

it("leads from where bots stood in the set-up to where they are", async () => {
  open("/console/setup/bots");
  await title("Bots");
  expect(location.pathname).toBe("/console/bots");
  expect(screen.getByRole("link", { current: "page" }).textContent).toBe("Bots");
});

it("speaks another language at once, and says so to screen readers", async () => {
  open("/console/sessions");
  await title("Sessions");
  fireEvent.change(screen.getByLabelText("Language of this console"), { target: { value: "hi" } });
  await title("सेशन");
  expect(document.documentElement.lang).toBe("hi");
});

it("says what a page without rows is for, and where to go from it", async () => {
  open("/console/sessions");
  const next = await screen.findByRole("link", { name: "Start a session" });
  expect(next.getAttribute("href")).toBe("/console/");
});
