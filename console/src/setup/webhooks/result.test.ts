import { expect, it } from "vitest";
import { english } from "../../text/english";
import { answerOf } from "./DeliveryTable";

const { result } = english.webhooks.test;

it("says in words what came of a test", () => {
  const took = { success: true, status_code: 204, latency_ms: 34, error: null };
  expect(result(took)).toBe("The test event was accepted: 204 after 34 ms.");
  const refused = { success: false, status_code: 500, latency_ms: 9, error: "status 500" };
  expect(result(refused)).toBe("The test event was refused: 500 after 9 ms.");
  const away = { success: false, status_code: null, latency_ms: 12, error: "connection refused" };
  expect(result(away)).toBe("No answer: connection refused (after 12 ms).");
});

it("shows of an answer what there is, and a dash before the first", () => {
  const nothing = { status_code: null, error: null, latency_ms: null };
  expect(answerOf(nothing)).toBe("–");
  expect(answerOf({ status_code: 500, error: null, latency_ms: 1200 })).toBe("500 · 1.20 s");
});
