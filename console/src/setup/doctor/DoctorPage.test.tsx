import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { answerWith } from "../../testing/answer";
import { renderSignedIn } from "../../testing/signedIn";
import DoctorPage from "./DoctorPage";

afterEach(cleanup);

const STATUS = { ok: true, checked_at: "2026-11-30T03:00:00.000Z", checks: [] };

it("tells each worker's machine, how full it is, and whether it takes more", async () => {
  const workers = [
    { host: "one", active: 3, capacity: 8, draining: false },
    { host: "two", active: 2, capacity: 8, draining: true },
  ];
  answerWith(() => Response.json({ ...STATUS, workers }));
  renderSignedIn(<DoctorPage />);

  expect(await screen.findByText("one: 3 of 8; two: 2 of 8, draining")).toBeDefined();
});

it("names a stand-in where it answers for a provider", async () => {
  const check = { ok: true, version: null, latency_ms: 3, hint: null };
  const checks = [
    { ...check, name: "postgres", stand_in: false },
    { ...check, name: "sarvam rest", stand_in: true },
  ];
  answerWith(() => Response.json({ ...STATUS, checks, workers: [] }));
  renderSignedIn(<DoctorPage />);

  expect(await screen.findByText("a stand-in answers")).toBeDefined();
  expect(screen.getAllByText("answers")).toHaveLength(1);
});

it("says what to do where there is none", async () => {
  answerWith(() => Response.json({ ...STATUS, workers: [] }));
  renderSignedIn(<DoctorPage />);

  expect(await screen.findByText(/None was seen in the last 15 s/)).toBeDefined();
});
