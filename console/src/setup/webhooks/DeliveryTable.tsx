import { Link } from "wouter";
import type { Delivery } from "../../api/deliveries";
import { ListTable } from "../../lists/ListTable";
import { RowAction } from "../../lists/RowAction";
import { useText } from "../../text/useText";
import { DeliveryBadge } from "../../ui/DeliveryBadge";
import { DASH, formatMilliseconds } from "../../ui/duration";
import { Moment } from "../../ui/Moment";
import { shortId } from "../../ui/shortId";

interface DeliveryTableProps {
  deliveries: readonly Delivery[];
  onOpen: (delivery: Delivery) => void;
}

export function DeliveryTable({ deliveries, onOpen }: DeliveryTableProps) {
  const { webhooks: text } = useText();
  const { columns } = text.log;
  return (
    <ListTable
      actions
      label={text.log.title}
      columns={[
        columns.created,
        columns.event,
        columns.status,
        columns.answer,
        { name: columns.attempts, className: "figure" },
        columns.session,
      ]}
    >
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} of={delivery} onOpen={onOpen} />
      ))}
    </ListTable>
  );
}

function DeliveryRow({ of: delivery, onOpen }: { of: Delivery; onOpen: (of: Delivery) => void }) {
  const { webhooks: text } = useText();
  const { columns } = text.log;
  return (
    <tr>
      <th scope="row">
        <Moment at={delivery.created_at} />
      </th>
      <td data-label={columns.event}>
        <span>
          {text.events[delivery.event].short}
          {delivery.replay_of !== null && <span className="cell-detail">{text.log.replayed}</span>}
        </span>
      </td>
      <td data-label={columns.status}>
        <DeliveryBadge status={delivery.status} />
      </td>
      <td data-label={columns.answer} className="words">
        {answerOf(delivery)}
      </td>
      <td data-label={columns.attempts} className="figure">
        {delivery.attempts}
      </td>
      <td data-label={columns.session}>
        <Link href={`/sessions/${delivery.session_id}`}>{shortId(delivery.session_id)}</Link>
      </td>
      <td className="cell-actions">
        <span>
          <RowAction of={delivery.id} verb={text.log.look} onClick={() => onOpen(delivery)} />
        </span>
      </td>
    </tr>
  );
}

interface Answered {
  status_code: number | null;
  error: string | null;
  latency_ms: number | null;
}

/** What the endpoint answered, how soon, or why it did not. */
export function answerOf({ status_code, error, latency_ms }: Answered): string {
  const code = status_code === null ? null : String(status_code);
  const latency = latency_ms === null ? null : formatMilliseconds(latency_ms);
  const parts = [code, error, latency].filter((part) => part !== null);
  return parts.length === 0 ? DASH : parts.join(" · ");
}
