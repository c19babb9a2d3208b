import { Button, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { type Delivery, type Log, replayDelivery, type WholeDelivery } from "../../api/deliveries";
import { useApi } from "../../api/useApi";
import { useChange } from "../../api/useChange";
import { useText } from "../../text/useText";
import { DeliveryBadge } from "../../ui/DeliveryBadge";
import { Dialog } from "../../ui/Dialog";
import { Moment } from "../../ui/Moment";
import { useNotice } from "../../ui/Notices";
import { Problem } from "../../ui/Problem";
import { SkeletonRows } from "../../ui/SkeletonRows";
import { answerOf } from "./DeliveryTable";
import { deliveryQuery } from "./queries";

interface DeliveryDialogProps {
  log: Log;
  of: Delivery;
  onClose: () => void;
}

/** What was sent, and what came of each attempt. */
export function DeliveryDialog({ log, of: { id, event }, onClose }: DeliveryDialogProps) {
  const { webhooks: text } = useText();
  const api = useApi();
  const tell = useNotice();
  const { data, error, isPending, refetch } = useQuery(deliveryQuery(api, log, id));
  const replay = useChange({
    send: (api) => replayDelivery(api, log, id),
    stale: ["webhooks", "deliveries"],
    onDone: () => {
      onClose();
      tell(text.log.replay.done);
    },
  });
  return (
    <Dialog title={text.events[event].meaning} onClose={onClose}>
      <div className="stack">
        {isPending && <SkeletonRows count={3} />}
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {data && <Whole of={data} />}
        {replay.error && <Problem error={replay.error} />}
        <div className="dialog-actions">
          <Button loading={replay.isPending} onClick={() => replay.mutate()}>
            {text.log.replay.submit}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Whole({ of: delivery }: { of: WholeDelivery }) {
  const { webhooks: text } = useText();
  return (
    <>
      <Text as="p" size="2" className="delivery-to">
        <DeliveryBadge status={delivery.status} /> {delivery.url}
      </Text>
      <ol className="attempts" aria-label={text.log.attempts}>
        {delivery.attempt_log.map((attempt) => (
          <li key={attempt.number}>
            <Moment at={attempt.attempted_at} /> · {answerOf(attempt)}
          </li>
        ))}
      </ol>
      {delivery.next_attempt_at !== null && (
        <Text as="p" size="2" color="gray">
          {text.log.next} <Moment at={delivery.next_attempt_at} />
        </Text>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key */}
      <section className="payload" tabIndex={0} aria-label={text.log.payload}>
        <pre>{JSON.stringify(delivery.payload, null, 2)}</pre>
      </section>
    </>
  );
}
