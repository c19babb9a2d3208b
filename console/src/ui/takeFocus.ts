/**
 * As a `ref`: moves the focus to an element that takes the place of the one that was used, so that
 * a keyboard or a screen reader goes on from there. Give it a `tabIndex` of -1.
 */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}
