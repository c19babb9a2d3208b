const FORMAT = new Intl.NumberFormat("en-IN", { maximumFractionDigits: 2 });
const SMALL = new Intl.NumberFormat("en-IN", { maximumSignificantDigits: 2 });

/** Credits to two places; what is less keeps two digits, so that it does not read as nothing. */
export function credits(amount: number): string {
  return amount !== 0 && Math.abs(amount) < 0.01 ? SMALL.format(amount) : FORMAT.format(amount);
}
