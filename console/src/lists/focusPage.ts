/** After a row went away with the button that had the focus: a keyboard goes on from the title. */
export function focusPage(): void {
  document.querySelector<HTMLElement>("#content h1")?.focus({ preventScroll: true });
}
