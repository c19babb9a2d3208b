let arrivals = 0;

/**
 * As a `ref` of a page's title: moves the focus there, so that keyboard and screen reader begin with
 * the new page. The first page leaves the focus where the browser put it.
 */
export function arrive(title: HTMLElement | null): void {
  if (title === null) return;
  arrivals += 1;
  if (arrivals === 1) return;
  title.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}
