import type { Fault } from "../api/turn";
import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";

/** A fault in one line: what it was, at whom, why, how long it took. */
export function useFaultName(): (fault: Fault) => string {
  const { record: text } = useText();
  const names: Record<string, string> = text.faults;
  return ({ kind, provider, reason, duration_ms: tookMs }) => {
    const why = [provider, reason].filter((part) => part !== null).join(": ");
    const took = tookMs === null ? "" : `, ${formatMilliseconds(tookMs)}`;
    return `${names[kind] ?? kind}${why && ` (${why})`}${took}`;
  };
}
