import { Badge } from "@radix-ui/themes";
import type { SessionStatus } from "../api/sessions";
import { useText } from "../text/useText";

const COLOURS: Record<SessionStatus, "gray" | "green" | "red" | "amber" | "iris"> = {
  created: "iris",
  active: "green",
  completed: "gray",
  failed: "red",
  timeout: "amber",
};

export function StatusBadge({ status }: { status: SessionStatus }) {
  const { sessions: text } = useText();
  return <Badge color={COLOURS[status]}>{text.statuses[status]}</Badge>;
}
