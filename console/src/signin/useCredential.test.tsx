import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answerWith, refusal } from "../testing/answer";
import { useCredential } from "./useCredential";

beforeEach(() => sessionStorage.clear());
afterEach(cleanup);

const settled = async () => {
  const { result } = renderHook(useCredential);
  await waitFor(() => expect(result.current.access.state).not.toBe("asking"));
  return result;
};

describe("useCredential", () => {
  it.each([
    ["key", { api_key: "cm_live_local", jwt: null }, "cm_live_local"],
    ["owner rather than its key", { api_key: "cm_live_local", jwt: "eyJ.a.b" }, "eyJ.a.b"],
  ])("signs in as the development server's own %s, without storing it", async (_as, config, is) => {
    answerWith(() => Response.json(config));
    const result = await settled();
    expect(result.current.access).toMatchObject({ state: "in", credential: is });
    expect(sessionStorage.length).toBe(0);
  });

  it.each([
    ["a server that hands out none", () => Response.json({ api_key: null })],
    ["a server without the route", () => refusal(404, { message: "No", code: "not_found" })],
  ])("asks for a key at %s", async (_where, answer) => {
    answerWith(answer);
    expect((await settled()).current.access).toMatchObject({ state: "out", problem: null });
  });

  it("says why when the API gives no answer", async () => {
    answerWith(() => Promise.reject(new TypeError("fetch failed")));
    expect((await settled()).current.access).toMatchObject({
      state: "out",
      problem: { code: "unreachable" },
    });
  });

  it("keeps a pasted key for this tab, over the local one, until signing out", async () => {
    const given = ["eyJ.a.1", "eyJ.a.2", "eyJ.a.3"];
    answerWith(() => Response.json({ jwt: given.shift() }));
    const result = await settled();
    act(() => result.current.signIn("cm_live_pasted"));
    const reloaded = await settled();
    expect(reloaded.current.access).toMatchObject({ credential: "cm_live_pasted" });
    act(() => reloaded.current.signOut());
    expect(reloaded.current.access).toMatchObject({ state: "out", hasLocal: true });
    expect(sessionStorage.length).toBe(0);
    act(() => reloaded.current.signInLocally());
    await waitFor(() => expect(reloaded.current.access).toMatchObject({ credential: "eyJ.a.3" }));
  });
});
