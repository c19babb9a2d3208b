import { useLocale } from "../text/language";

/** A time of the API in the person's language and time zone; the exact one on hovering. */
export function Moment({ at }: { at: string }) {
  const format = new Intl.DateTimeFormat(useLocale(), {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <time dateTime={at} title={at}>
      {format.format(new Date(at))}
    </time>
  );
}
