import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Delivery } from "../../api/deliveries";
import { EVENTS } from "../../api/webhooks";
import { renderSignedIn } from "../../testing/signedIn";
import { DeliveryTable } from "./DeliveryTable";

afterEach(cleanup);

const DELIVERY: Delivery = {
  id: "d-1",
  webhook_id: "w-1",
  session_id: "7c2b9e30-0000-4000-8000-000000000001",
  url: "https://shop.example/hook",
  event: "voice_session.ended",
  status: "succeeded",
  status_code: 200,
  attempts: 1,
  error: null,
  latency_ms: 12,
  created_at: "2026-11-30T03:00:00.000Z",
  next_attempt_at: null,
  replay_of: null,
};

it("names each event that may be told of", () => {
  const deliveries = EVENTS.map((event) => ({ ...DELIVERY, id: event, event }));
  renderSignedIn(<DeliveryTable deliveries={deliveries} onOpen={() => undefined} />);
  expect(screen.getByText("session failed")).toBeDefined();
  expect(screen.getByText("endpoint disabled")).toBeDefined();
});
