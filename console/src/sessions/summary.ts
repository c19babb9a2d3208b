import type { Session } from "../api/sessions";
import type { Texts } from "../text/useText";

/** How it stands or ended, in words, and how often it changed workers on the way. */
export function summary({ session: text }: Texts, session: Session): string {
  const { recoveries = 0 } = session;
  const state = stateOf(text, session);
  return recoveries > 0 ? `${state} ${text.recoveries(recoveries)}` : state;
}

function stateOf(text: Texts["session"], { status, end_reason: reason }: Session): string {
  const reasons: Record<string, string> = text.reasons;
  if (status === "created" || status === "active") return text.now[status];
  return reasons[reason ?? ""] ?? reason ?? "";
}
