import { Button } from "@radix-ui/themes";
import { useState } from "react";
import { useApi } from "../../api/useApi";
import type { Webhook } from "../../api/webhooks";
import { ListPage } from "../../lists/ListPage";
import { useText } from "../../text/useText";
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
  const [asked, setAsked] = useState<WebhookAsk | null>(null);
  const close = () => setAsked(null);
  return (
    <ListPage
      frame={SetupPage}
      text={text}
      query={webhookListQuery(useApi())}
      create={(words) => <Button onClick={() => setAsked({ ask: "create" })}>{words}</Button>}
      list={(webhooks) => <WebhookTable webhooks={webhooks} onAsk={setAsked} />}
    >
      <DefaultSecretCard />
      {asked?.ask === "create" && <CreateWebhook onClose={close} />}
      {asked && asked.ask !== "create" && <Asked {...asked} onClose={close} />}
    </ListPage>
  );
}

type AskedProps = Exclude<WebhookAsk, { ask: "create" }> & { onClose: () => void };

function Asked({ ask, webhook, onClose }: AskedProps) {
  const Dialog = DIALOGS[ask];
  return <Dialog of={webhook} onClose={onClose} />;
}
