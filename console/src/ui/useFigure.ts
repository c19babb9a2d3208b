import { useLocale } from "../text/language";

/** Writes a number as the person's language does: 12,345 or 1,00,000. */
export function useFigure(): (value: number, decimals?: number) => string {
  const spoken = useLocale();
  return (value, decimals = 0) =>
    new Intl.NumberFormat(spoken, { maximumFractionDigits: decimals }).format(value);
}
