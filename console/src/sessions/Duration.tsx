import type { Session } from "../api/sessions";
import { DASH, formatClock } from "../ui/duration";
import { useNow } from "../ui/useNow";

/** How long a session lasted, or has lasted until now. */
export function Duration({ session }: { session: Session }) {
  const { duration_seconds: duration, started_at: startedAt, ended_at: endedAt } = session;
  if (duration !== null) return formatClock(duration);
  if (startedAt === null || endedAt !== null) return DASH;
  return <Running since={Date.parse(startedAt)} />;
}

function Running({ since }: { since: number }) {
  return formatClock((useNow() - since) / 1000);
}
