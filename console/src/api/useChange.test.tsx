import { useQuery } from "@tanstack/react-query";
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { answerWith, refusal } from "../testing/answer";
import { renderSignedIn } from "../testing/signedIn";
import { useApi } from "./useApi";
import { useChange } from "./useChange";

afterEach(cleanup);

/** Shows how many bots there are, with a button that makes one; `told` collects what happened. */
function Bots({ told }: { told: string[] }) {
  const api = useApi();
  const count = useQuery({
    queryKey: ["bots", "count"],
    queryFn: () => api.getJson<number>("/count"),
  });
  const make = useChange({
    send: (toApi) => toApi.send<string>("POST", "/make"),
    stale: ["bots"],
    onDone: (name) => told.push(`done: ${name}`),
    onFresh: () => told.push("fresh"),
    onError: ({ message }) => told.push(message),
  });
  return (
    <button type="button" onClick={() => make.mutate()}>
      {count.data} bots
    </button>
  );
}

describe("useChange", () => {
  it("tells of the answer, asks again for what is stale, then tells that it came", async () => {
    const told: string[] = [];
    let count = 1;
    answerWith(({ path }) => {
      told.push(path);
      if (path === "/make") count += 1;
      return Response.json(path === "/make" ? "Asha" : count);
    });
    renderSignedIn(<Bots told={told} />);
    fireEvent.click(await screen.findByText("1 bots"));
    await screen.findByText("2 bots");
    expect(told).toEqual(["/count", "/make", "done: Asha", "/count", "fresh"]);
  });

  it("asks nothing again where the API refused", async () => {
    const told: string[] = [];
    const sent = answerWith(({ path }) =>
      path === "/make" ? refusal(409, { message: "Taken.", code: "conflict" }) : Response.json(1),
    );
    renderSignedIn(<Bots told={told} />);
    fireEvent.click(await screen.findByText("1 bots"));
    await expect.poll(() => told).toEqual(["Taken."]);
    expect(sent.map(({ path }) => path)).toEqual(["/count", "/make"]);
  });
});
