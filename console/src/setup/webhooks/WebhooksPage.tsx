import { PlusIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useState } from "react";
import { useApi } from "../../api/useApi";
import type { Webhook } from "../../api/webhooks";
import { useText } from "../../text/useText";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../PagedList";
import { SetupPage } from "../SetupPage";
import { DefaultSecretCard } from "./DefaultSecretCard";
import { webhookListQuery } from "./queries";
import { CreateWebhook, EditWebhook } from "./WebhookDialogs";
import { DeleteWebhook, RotateSecret } from "./WebhookQuestions";
import { WebhookTable } from "./WebhookTable";

export type WebhookAsk =
  | { ask: "create" }
  | { ask: "edit" | "rotate" | "delete"; webhook: Webhook };

const DIALOGS = { edit: EditWebhook, rotate: RotateSecret, delete: DeleteWebhook };

export default function WebhooksPage() {
  const { webhooks: text } = useText();
  const api = useApi();
  const [asked, setAsked] = useState<WebhookAsk | null>(null);
  const close = () => setAsked(null);
  const create = () => setAsked({ ask: "create" });
  return (
    <SetupPage
      title={text.title}
      lead={text.lead}
      actions={
        <Button onClick={create}>
          <PlusIcon aria-hidden /> {text.create.open}
        </Button>
      }
    >
      <PagedList
        query={webhookListQuery(api)}
        empty={
          <EmptyState title={text.empty.title} body={text.empty.body}>
            <Button onClick={create}>{text.create.open}</Button>
          </EmptyState>
        }
      >
        {(webhooks) => <WebhookTable webhooks={webhooks} onAsk={setAsked} />}
      </PagedList>
      <DefaultSecretCard />
      {asked?.ask === "create" && <CreateWebhook onClose={close} />}
      {asked && asked.ask !== "create" && <Asked {...asked} onClose={close} />}
    </SetupPage>
  );
}

type AskedProps = Exclude<WebhookAsk, { ask: "create" }> & { onClose: () => void };

function Asked({ ask, webhook, onClose }: AskedProps) {
  const Dialog = DIALOGS[ask];
  return <Dialog of={webhook} onClose={onClose} />;
}
