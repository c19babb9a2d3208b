import { expect, it } from "vitest";
import { refusal } from "../testing/answer";
import { errorFromResponse } from "./error";

it("keeps what the API says: message, code, field, request and when to try again", async () => {
  const response = refusal(
    422,
    { message: "voice is too long", code: "validation_error", param: "voice", request_id: "r-1" },
    { "Retry-After": "7" },
  );
  expect(await errorFromResponse(response)).toMatchObject({
    status: 422,
    message: "voice is too long",
    code: "validation_error",
    param: "voice",
    requestId: "r-1",
    retryAfterSeconds: 7,
  });
});

it("takes the request id from the header where the envelope has none", async () => {
  const response = refusal(404, { message: "No", code: "not_found" }, { "X-Request-Id": "r-2" });
  expect(await errorFromResponse(response)).toMatchObject({ requestId: "r-2", param: null });
});

it.each(["<html>Bad gateway</html>", "", "null", '{"error": "text"}', '{"error": {"code": 5}}'])(
  "keeps only the status of a body that is no envelope: %s",
  async (body) => {
    const response = new Response(body, { status: 502, statusText: "Bad Gateway" });
    expect(await errorFromResponse(response)).toMatchObject({
      message: "502 Bad Gateway",
      code: "http_502",
      requestId: null,
    });
  },
);

it("does not read a date as seconds to wait", async () => {
  const response = refusal(503, {}, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" });
  expect((await errorFromResponse(response)).retryAfterSeconds).toBeNull();
});

it("tells every refused field apart, also by what is within it", async () => {
  const body = {
    error: { message: "name: too short", code: "validation_error", param: "name" },
    detail: [
      { loc: ["body", "name"], msg: "too short", type: "string" },
      { loc: ["body", "config", "variables", "shop"], msg: "no text", type: "string" },
      { loc: "body", msg: "nothing to point at" },
    ],
  };
  const error = await errorFromResponse(new Response(JSON.stringify(body), { status: 422 }));
  expect(error.about("name")).toBe("too short");
  expect(error.about("config.variables")).toBe("no text");
  expect(error.about("config.vari")).toBeNull();
});

it("takes the one field that is named where no others are listed", async () => {
  const error = await errorFromResponse(
    refusal(400, { message: "This host is private.", code: "invalid_webhook_url", param: "url" }),
  );
  expect(error.about("url")).toBe("This host is private.");
  expect(error.about("events")).toBeNull();
});
