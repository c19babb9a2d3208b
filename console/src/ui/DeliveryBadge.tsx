import { Badge } from "@radix-ui/themes";
import type { DeliveryStatus } from "../api/deliveries";
import { useText } from "../text/useText";

const COLOURS: Record<DeliveryStatus, "gray" | "green" | "red"> = {
  pending: "gray",
  succeeded: "green",
  failed: "red",
};

export function DeliveryBadge({ status }: { status: DeliveryStatus }) {
  const { webhooks: text } = useText();
  return <Badge color={COLOURS[status]}>{text.statuses[status]}</Badge>;
}
