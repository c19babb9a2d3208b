import { useState } from "react";
import { useChange } from "../../api/useChange";
import {
  changeWebhook,
  createWebhook,
  FIRST_EVENTS,
  type Webhook,
  type WebhookRequest,
} from "../../api/webhooks";
import { useText } from "../../text/useText";
import { Dialog } from "../../ui/Dialog";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";
import { WebhookForm } from "./WebhookForm";

const NEW_WEBHOOK: WebhookRequest = { url: "", events: FIRST_EVENTS, is_active: true };

export function CreateWebhook({ onClose }: { onClose: () => void }) {
  const { webhooks: text } = useText();
  const show = useShownOnce();
  const [draft, setDraft] = useState(NEW_WEBHOOK);
  const create = useChange({
    send: (api) => createWebhook(api, { ...draft, url: draft.url.trim() }),
    stale: ["webhooks"],
    onDone: ({ secret }) => {
      onClose();
      show({ title: text.secret.title, warning: text.secret.once, secret });
    },
  });
  return (
    <Dialog title={text.create.title} onClose={onClose}>
      <WebhookForm
        draft={draft}
        submit={text.create.submit}
        change={create}
        onDraft={setDraft}
        onCancel={onClose}
      />
    </Dialog>
  );
}

export function EditWebhook({ of: webhook, onClose }: { of: Webhook; onClose: () => void }) {
  const { webhooks: text } = useText();
  const tell = useNotice();
  const { url, events, is_active } = webhook;
  const [draft, setDraft] = useState<WebhookRequest>({ url, events, is_active });
  const change = useChange({
    send: (api) => changeWebhook(api, webhook.id, { ...draft, url: draft.url.trim() }),
    stale: ["webhooks"],
    onDone: () => {
      onClose();
      tell(text.edit.done);
    },
  });
  return (
    <Dialog title={text.edit.title} onClose={onClose}>
      <WebhookForm
        draft={draft}
        submit={text.edit.submit}
        change={change}
        onDraft={setDraft}
        onCancel={onClose}
      />
    </Dialog>
  );
}
