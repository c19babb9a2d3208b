import { Theme } from "@radix-ui/themes";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { ShownLine } from "./lines";
import { Transcript } from "./Transcript";

afterEach(cleanup);

const aLine = (part: Partial<ShownLine>): ShownLine => ({
  id: "1",
  speaker: "agent",
  text: "Hello.",
  final: true,
  echo: false,
  interrupted: false,
  ...part,
});

const show = (lines: ShownLine[], say: Parameters<typeof Transcript>[0]["say"] = null) =>
  render(<Transcript lines={lines} say={say} />, { wrapper: Theme });

it("renders what was said as text, whatever it looks like", () => {
  const { container } = show([aLine({ text: "<img src=x onerror=alert(1)>" })]);
  expect(container.querySelector("img")).toBeNull();
  expect(screen.getByRole("listitem").textContent).toContain("<img src=x onerror=alert(1)>");
});

it("reads aloud only what is settled", () => {
  const { container } = show([aLine({}), aLine({ id: "2", text: "And so", final: false })]);
  expect(container.querySelector("[aria-live]")?.textContent).toBe("Agent: Hello.");
});

it("sends no text while no agent is there to read it", () => {
  const onSay = vi.fn(async () => undefined);
  show([], { ready: false, onSay });
  const box = screen.getByRole("textbox", { name: "Write to the agent" });
  fireEvent.change(box, { target: { value: "Hello" } });
  fireEvent.submit(box);
  expect(onSay).not.toHaveBeenCalled();
});

it("gives the words back when they could not be sent", async () => {
  show([], { ready: true, onSay: () => Promise.reject(new Error("gone")) });
  const box = screen.getByRole<HTMLInputElement>("textbox", { name: "Write to the agent" });
  fireEvent.change(box, { target: { value: " Hello " } });
  fireEvent.submit(box);
  expect((await screen.findByRole("alert")).textContent).toContain("not sent");
  expect(box.value).toBe("Hello");
});
