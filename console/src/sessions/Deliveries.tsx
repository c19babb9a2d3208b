import { ReloadIcon } from "@radix-ui/react-icons";
import { Badge, Button, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { type Delivery, replayDelivery } from "../api/deliveries";
import { useApi } from "../api/useApi";
import { useChange } from "../api/useChange";
import { useText } from "../text/useText";
import { DeliveryBadge } from "../ui/DeliveryBadge";
import { formatMilliseconds } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { useNotice } from "../ui/Notices";
import { Problem } from "../ui/Problem";
import { Section } from "../ui/Section";
import { SkeletonRows } from "../ui/SkeletonRows";
import { deliveriesQuery } from "./queries";
import { Refusal } from "./Refusal";
import "./deliveries.css";

/** What was sent of this session, each of which can be sent again. */
export function Deliveries({ sessionId }: { sessionId: string }) {
  const { webhooks: text } = useText().session;
  const { data, error, isPending } = useQuery(deliveriesQuery(useApi(), sessionId));
  return (
    <Section title={text.title}>
      {isPending && <SkeletonRows count={2} />}
      {error && <Refusal error={error} />}
      {data?.length === 0 && (
        <Text as="p" size="2" color="gray">
          {text.none}
        </Text>
      )}
      {data && data.length > 0 && (
        <ul className="deliveries">
          {data.map((delivery) => (
            <DeliveryItem key={delivery.id} delivery={delivery} sessionId={sessionId} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function DeliveryItem({ delivery, sessionId }: { delivery: Delivery; sessionId: string }) {
  const { session, webhooks } = useText();
  const { webhooks: text } = session;
  const tell = useNotice();
  const replay = useChange({
    send: (api) => replayDelivery(api, delivery.webhook_id, delivery.id),
    stale: deliveriesQuery(useApi(), sessionId).queryKey,
    onDone: () => tell(text.replayed),
  });
  return (
    <li className="delivery">
      <div className="row">
        <Text size="2" weight="medium">
          {webhooks.events[delivery.event].short}
        </Text>
        <DeliveryBadge status={delivery.status} />
        {delivery.replay_of !== null && <Badge color="gray">{text.replayOf}</Badge>}
        <Button
          variant="ghost"
          color="gray"
          size="1"
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          <ReloadIcon aria-hidden />
          {text.replay}
        </Button>
      </div>
      <Text as="p" size="1" color="gray" className="delivery-url">
        {delivery.url}
      </Text>
      <Text as="p" size="1" color="gray">
        <Moment at={delivery.created_at} /> · {text.attempts(delivery.attempts)}
        {delivery.status_code !== null && ` · ${delivery.status_code}`}
        {delivery.latency_ms !== null && ` · ${formatMilliseconds(delivery.latency_ms)}`}
      </Text>
      {delivery.error !== null && (
        <Text as="p" size="1" color="red">
          {delivery.error}
        </Text>
      )}
      {replay.error && <Problem error={replay.error} />}
    </li>
  );
}
