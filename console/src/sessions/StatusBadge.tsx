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
  // Radix's green on its own pale green is too weak to be read by everyone.
  return (
    <Badge color={COLOURS[status]} highContrast={status === "active"}>
      {text.statuses[status]}
    </Badge>
  );
}
