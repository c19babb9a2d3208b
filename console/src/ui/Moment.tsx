import { language } from "../text/language";
import { useRemembered } from "./remembered";

const LOCALES = { en: "en-IN", hi: "hi-IN" } as const;

/** A time of the API in the person's language and time zone; the exact one on hovering. */
export function Moment({ at }: { at: string }) {
  const spoken = useRemembered(language);
  const format = new Intl.DateTimeFormat(LOCALES[spoken], {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <time dateTime={at} title={at}>
      {format.format(new Date(at))}
    </time>
  );
}
