import { useChange } from "../../api/useChange";
import { deleteWebhook, rotateSecret, type Webhook } from "../../api/webhooks";
import { focusPage } from "../../lists/focusPage";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";

interface QuestionProps {
  of: Webhook;
  onClose: () => void;
}

export function RotateSecret({ of: webhook, onClose }: QuestionProps) {
  const { webhooks: text } = useText();
  const show = useShownOnce();
  const rotate = useChange({
    send: (api) => rotateSecret(api, webhook.id),
    stale: ["webhooks"],
    onDone: ({ secret }) => {
      onClose();
      show({ title: text.secret.title, warning: text.secret.once, secret });
    },
  });
  return (
    <Confirm
      title={text.rotate.title}
      body={text.rotate.body(webhook.url)}
      action={text.rotate.submit}
      change={rotate}
      onClose={onClose}
    />
  );
}

export function DeleteWebhook({ of: webhook, onClose }: QuestionProps) {
  const { webhooks: text } = useText();
  const tell = useNotice();
  const remove = useChange({
    send: (api) => deleteWebhook(api, webhook.id),
    stale: ["webhooks"],
    onDone: () => {
      onClose();
      tell(text.delete.done);
    },
    onFresh: focusPage,
  });
  return (
    <Confirm
      title={text.delete.title}
      body={text.delete.body(webhook.url)}
      action={text.delete.submit}
      change={remove}
      onClose={onClose}
    />
  );
}
