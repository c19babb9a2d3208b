import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { copyText } from "./clipboard";

const copied: string[] = [];

/** The older command, which copies the selection of the field that has the focus. */
function command(allowed: boolean) {
  document.execCommand = () => {
    const field = document.activeElement as HTMLTextAreaElement;
    if (allowed) copied.push(field.value.slice(field.selectionStart, field.selectionEnd));
    return allowed;
  };
}

beforeEach(() => {
  copied.length = 0;
  command(true);
  document.body.innerHTML = "<dialog open><button>Copy</button></dialog>";
  document.querySelector("button")?.focus();
});
afterEach(() => {
  document.body.innerHTML = "";
});

it("uses the browser's own clipboard where there is one", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copyText("cm_live_1")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("cm_live_1");
  expect(copied).toEqual([]);
});

it("copies on a page of plain http, within the dialog that is open", async () => {
  vi.stubGlobal("navigator", {});
  const dialog = document.querySelector("dialog");
  const append = vi.spyOn(dialog as HTMLDialogElement, "append");
  expect(await copyText("cm_live_1")).toBe(true);
  expect(copied).toEqual(["cm_live_1"]);
  expect(append).toHaveBeenCalledOnce();
  expect(document.querySelector("textarea")).toBeNull();
  expect(document.activeElement?.tagName).toBe("BUTTON");
});

it("copies where the browser refuses its clipboard", async () => {
  const clipboard = { writeText: () => Promise.reject(new Error("not allowed")) };
  vi.stubGlobal("navigator", { clipboard });
  expect(await copyText("a link")).toBe(true);
  expect(copied).toEqual(["a link"]);
});

it("says so where nothing may be copied", async () => {
  vi.stubGlobal("navigator", {});
  command(false);
  expect(await copyText("a link")).toBe(false);
  expect(document.querySelector("textarea")).toBeNull();
});
