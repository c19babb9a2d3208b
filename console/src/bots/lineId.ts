let made = 0;

/** Tells the lines of a form apart, whatever is typed into them; means nothing beyond this page. */
export function lineId(): string {
  made += 1;
  return String(made);
}
