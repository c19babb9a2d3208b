import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { centred, isReadable, largestZoom, shownSpan, zoomed, zoomTo } from "../turns/axis";
import type { Span } from "../turns/placing";

/** Before the first measuring, and where nothing can be measured. */
const FIRST_WIDTH_PX = 800;

/** What is seen before a moment that is scrolled to. */
const BEFORE_PX = 24;

export type Scale = ReturnType<typeof useScale>;

interface Aim {
  zoom: number;
  /** The moment to have in the middle; `null` leaves the scrolling alone. */
  middleMs: number | null;
}

/**
 * How much of the time axis one sees, and which part of it. A `focus` that could not be read as it
 * is comes into the middle, close enough.
 */
export function useScale(lengthMs: number, focus: Span | null) {
  const [aim, setAim] = useState<Aim>({ zoom: 1, middleMs: null });
  const { element, scroller, widthPx, leftPx } = useScrolled();
  const axis = zoomed(lengthMs, widthPx, aim.zoom);
  const shown = shownSpan(axis, leftPx, widthPx);
  const closest = largestZoom(lengthMs, widthPx);

  const { fromMs, toMs } = focus ?? { fromMs: null, toMs: null };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what grows or is scrolled moves no view
  useLayoutEffect(() => {
    if (fromMs === null || toMs === null || isReadable(axis, { fromMs, toMs }, shown)) return;
    const zoom = Math.max(aim.zoom, zoomTo({ fromMs, toMs }, lengthMs, widthPx));
    setAim({ zoom, middleMs: (fromMs + toMs) / 2 });
  }, [fromMs, toMs, widthPx]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each aim, drawn by then
  useLayoutEffect(() => {
    if (aim.middleMs === null || element.current === null) return;
    element.current.scrollLeft = centred(axis, aim.middleMs, widthPx);
  }, [aim, widthPx]);

  const { msPerPx } = axis;
  const bring = useCallback(
    (atMs: number) => {
      if (element.current) element.current.scrollLeft = atMs / msPerPx - BEFORE_PX;
    },
    [element, msPerPx],
  );

  return {
    scroller,
    axis,
    shown,
    zoom: aim.zoom,
    canZoomIn: aim.zoom < closest,
    zoomBy: (factor: number) =>
      setAim({
        zoom: Math.min(closest, Math.max(1, aim.zoom * factor)),
        middleMs: (shown.fromMs + shown.toMs) / 2,
      }),
    /** Scrolls a moment to near the beginning of what is seen. */
    bring,
    showAll: () => setAim({ zoom: 1, middleMs: null }),
  };
}

/** The size of what scrolls and how far it was scrolled; `scroller` is its `ref`. */
function useScrolled() {
  const element = useRef<HTMLElement | null>(null);
  const [widthPx, setWidthPx] = useState(FIRST_WIDTH_PX);
  const [leftPx, setLeftPx] = useState(0);
  const scroller = useCallback((found: HTMLElement) => {
    element.current = found;
    const observer = new ResizeObserver(() => setWidthPx(found.clientWidth || FIRST_WIDTH_PX));
    const note = () => setLeftPx(found.scrollLeft);
    observer.observe(found);
    found.addEventListener("scroll", note, { passive: true });
    return () => {
      observer.disconnect();
      found.removeEventListener("scroll", note);
    };
  }, []);
  return { element, scroller, widthPx, leftPx };
}
