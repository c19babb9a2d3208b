import { ApiError } from "../api/error";

/** What `Problem` and `Crash` know it by. */
export const PART_MISSING = "part_missing";

/**
 * A part of the console that is loaded when it is needed. After an upgrade of the server the parts of
 * a page that was opened before it are gone; a browser's words for that help nobody.
 */
export function part<Part>(loading: Promise<Part>): Promise<Part> {
  return loading.catch(() => {
    throw new ApiError({
      status: 0,
      code: PART_MISSING,
      message: "A part of this page could not be loaded.",
    });
  });
}
