import { useEffect, useRef } from "react";

const NEAR_PX = 40;

/**
 * As a list's `ref`: scrolls along with what is said, unless the reader has scrolled up. `lines` is
 * what may add height; `follows` is false where nothing comes any more.
 */
export function useFollowedEnd<List extends HTMLElement>(lines: unknown, follows = true) {
  const list = useRef<List>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the lines may add height
  useEffect(() => {
    const element = list.current;
    if (element === null || !follows) return;
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    const note = () => {
      const belowPx = element.scrollHeight - element.scrollTop - element.clientHeight;
      isAtEnd.current = belowPx < NEAR_PX;
    };
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  }, [lines, follows]);
  return list;
}
