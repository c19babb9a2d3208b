import { Badge } from "@radix-ui/themes";
import { useMutation } from "@tanstack/react-query";
import { Link } from "wouter";
import { useApi } from "../../api/useApi";
import { EVENTS, testWebhook, type Webhook } from "../../api/webhooks";
import { ListTable } from "../../lists/ListTable";
import { RowAction } from "../../lists/RowAction";
import { useText } from "../../text/useText";
import { TestOutcome } from "./TestOutcome";
import type { WebhookAsk } from "./WebhooksPage";

interface WebhookTableProps {
  webhooks: readonly Webhook[];
  onAsk: (ask: WebhookAsk) => void;
}

/** Endpoints, a row each; on a phone a block each. */
export function WebhookTable({ webhooks, onAsk }: WebhookTableProps) {
  const { webhooks: text } = useText();
  const { columns } = text;
  return (
    <ListTable actions label={text.title} columns={[columns.url, columns.events, columns.log]}>
      {webhooks.map((webhook) => (
        <WebhookRow key={webhook.id} of={webhook} onAsk={onAsk} />
      ))}
    </ListTable>
  );
}

function WebhookRow({ of: webhook, onAsk }: { of: Webhook; onAsk: WebhookTableProps["onAsk"] }) {
  const { webhooks: text } = useText();
  const api = useApi();
  const test = useMutation({ mutationFn: () => testWebhook(api, webhook.id) });
  const { url } = webhook;
  return (
    <tr>
      <th scope="row" className="words">
        {url}{" "}
        <Badge color={webhook.is_active ? "green" : "gray"}>{text.states[stateOf(webhook)]}</Badge>
        <TestOutcome result={test.data} problem={test.error} />
      </th>
      <td data-label={text.columns.events}>
        <Events of={webhook} />
      </td>
      <td data-label={text.columns.log}>
        <Link href={`/setup/webhooks/${webhook.id}`} aria-label={`${text.log.open}: ${url}`}>
          {text.log.open}
        </Link>
      </td>
      <td className="cell-actions">
        <span>
          <RowAction
            of={url}
            verb={text.test.open}
            loading={test.isPending}
            onClick={() => test.mutate()}
          />
          <RowAction
            of={url}
            verb={text.edit.open}
            onClick={() => onAsk({ ask: "edit", webhook })}
          />
          <RowAction
            of={url}
            verb={text.rotate.open}
            onClick={() => onAsk({ ask: "rotate", webhook })}
          />
          <RowAction
            of={url}
            verb={text.delete.open}
            danger
            onClick={() => onAsk({ ask: "delete", webhook })}
          />
        </span>
      </td>
    </tr>
  );
}

function stateOf({ is_active, disabled_at }: Webhook) {
  if (is_active) return "active";
  return disabled_at ? "disabled" : "off";
}

function Events({ of: { events } }: { of: Webhook }) {
  const { webhooks: text } = useText();
  if (EVENTS.every((one) => events.includes(one))) return text.everyEvent;
  return EVENTS.filter((one) => events.includes(one))
    .map((one) => text.events[one].short)
    .join(", ");
}
