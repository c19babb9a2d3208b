import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { lazy, Suspense } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DownloadAll } from "../sessions/DownloadAll";
import { answerWith } from "../testing/answer";
import { renderSignedIn } from "../testing/signedIn";
import { Crash } from "../ui/Crash";
import { part } from "./part";

vi.mock("fflate", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

/** As a browser says it of a file that is gone. */
const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function reloads() {
  const reload = vi.spyOn(location, "reload").mockReturnValue();
  fireEvent.click(await screen.findByRole("button", { name: "Reload the page" }));
  expect(reload).toHaveBeenCalledOnce();
}

it("says of a page that is gone from the server why it is not shown, and how it comes back", async () => {
  const Gone = lazy(() => part<{ default: () => null }>(gone()));
  renderSignedIn(
    <Crash>
      <Suspense fallback={null}>
        <Gone />
      </Suspense>
    </Crash>,
  );
  await screen.findByRole("heading", { name: "This page could not be loaded" });
  screen.getByText(/it was updated since you opened it/);
  await reloads();
});

it("says of a page that broke that it broke", () => {
  const Broken = () => {
    throw new Error("there is no such thing");
  };
  renderSignedIn(
    <Crash>
      <Broken />
    </Crash>,
  );
  screen.getByRole("heading", { name: "This page has stopped working" });
});

it("says where a step's own part is gone, beside what was asked for", async () => {
  answerWith(() => new Response("{}"));
  renderSignedIn(<DownloadAll sessionId="s-1" sound={null} />);
  fireEvent.click(screen.getByRole("button", { name: "Everything as one file" }));
  const problem = await waitFor(() => screen.getByRole("alert"));
  expect(problem.textContent).toContain("it was updated since you opened it");
  expect(problem.textContent).not.toContain("undefined");
  await reloads();
});
