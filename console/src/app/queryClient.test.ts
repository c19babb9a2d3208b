import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/error";
import { createQueryClient, worthRetrying } from "./queryClient";

const refused = (status: number) => new ApiError({ status, code: "code", message: "No." });

describe("the query client", () => {
  it("ends the sign-in when the credential is refused", async () => {
    const onRefused = vi.fn();
    const problem = refused(401);
    const queries = createQueryClient(onRefused);
    const asked = queries.fetchQuery({ queryKey: ["x"], queryFn: () => Promise.reject(problem) });
    await expect(asked).rejects.toBe(problem);
    expect(onRefused).toHaveBeenCalledWith(problem);
  });

  it("tries again what may be over in a second, and nothing that was decided", () => {
    expect([0, 503].map((status) => worthRetrying(0, refused(status)))).toEqual([true, true]);
    expect([404, 422, 429].some((status) => worthRetrying(0, refused(status)))).toBe(false);
    expect(worthRetrying(2, refused(503))).toBe(false);
  });
});
