import { Theme } from "@radix-ui/themes";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Catalog } from "../api/catalog";
import { ApiError } from "../api/error";
import { FIRST_DRAFT } from "./draft";
import { SessionForm } from "./SessionForm";

afterEach(cleanup);

const CATALOG: Catalog = {
  languages: [{ id: "en-IN", name: "English (India)", stt: true, tts: true }],
  voices: [{ id: "priya", gender: "female", languages: ["en-IN"] }],
  models: [
    { id: "kimi-k2.5", name: "Kimi K2.5", owned_by: "m", status: "available" },
    { id: "kimi-k2.5-fast", name: "Kimi Fast", owned_by: "m", status: "maintenance" },
  ],
};

function show(catalog: Catalog | null, part: Partial<Parameters<typeof SessionForm>[0]> = {}) {
  const onStart = vi.fn();
  render(
    <SessionForm
      catalogState={{ loading: false, catalog, problem: null }}
      draft={FIRST_DRAFT}
      starting={false}
      problem={null}
      onDraft={() => undefined}
      onStart={onStart}
      {...part}
    />,
    { wrapper: Theme },
  );
  return onStart;
}

const start = () => fireEvent.click(screen.getByRole("button", { name: "Start talking" }));

describe("SessionForm", () => {
  it("offers the catalog and starts with what it shows", () => {
    const onStart = show(CATALOG);
    const voice = screen.getByRole<HTMLSelectElement>("combobox", { name: "Voice" });
    expect(voice.selectedOptions[0]?.textContent).toBe("Priya · female");
    start();
    expect(onStart).toHaveBeenCalledWith({ ...FIRST_DRAFT, voice: "priya" });
  });

  it("shows a model that cannot be used now, and does not let it be chosen", () => {
    show(CATALOG);
    const option = screen.getByRole<HTMLOptionElement>("option", { name: /Kimi Fast/ });
    expect(option.textContent).toBe("Kimi Fast · under maintenance");
    expect(option.disabled).toBe(true);
  });

  it("lets ids be typed where there is no catalog", () => {
    const onStart = show(null);
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Voice" }).value).toBe("shubh");
    start();
    expect(onStart).toHaveBeenCalledWith(FIRST_DRAFT);
  });

  it("has its lists in place while the catalog is on its way", () => {
    show(null, { catalogState: { loading: true, catalog: null, problem: null } });
    const voice = screen.getByRole<HTMLSelectElement>("combobox", { name: "Voice" });
    expect(voice.value).toBe("shubh");
  });

  it("ties the API's refusal to the field that it names", () => {
    const details = { status: 422, code: "validation_error", message: "Too long", param: "voice" };
    show(CATALOG, { problem: new ApiError(details) });
    const voice = screen.getByRole("combobox", { name: "Voice" });
    expect(voice.getAttribute("aria-invalid")).toBe("true");
    const about = document.getElementById(voice.getAttribute("aria-describedby") ?? "");
    expect(about?.textContent).toBe("Too long");
  });

  it("does not start with a prompt that the API would refuse", () => {
    show(CATALOG, { draft: { ...FIRST_DRAFT, systemPrompt: "a".repeat(4097) } });
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Start talking" });
    expect(button.disabled).toBe(true);
  });
});
