import { useLocale } from "../text/language";

/** A time of the API in the person's language and time zone; the exact one on hovering. */
export function Moment({ at }: { at: string }) {
  const moment = new Date(at);
  const isThisYear = moment.getFullYear() === new Date().getFullYear();
  const format = new Intl.DateTimeFormat(useLocale(), {
    day: "numeric",
    month: "short",
    year: isThisYear ? undefined : "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
  return (
    <time dateTime={at} title={at}>
      {format.format(moment)}
    </time>
  );
}
