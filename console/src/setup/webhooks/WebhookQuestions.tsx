import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/useApi";
import { deleteWebhook, rotateSecret, type Webhook } from "../../api/webhooks";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";
import { focusPage } from "../focusPage";

interface QuestionProps {
  of: Webhook;
  onClose: () => void;
}

export function RotateSecret({ of: webhook, onClose }: QuestionProps) {
  const { webhooks: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const show = useShownOnce();
  const rotate = useMutation({
    mutationFn: () => rotateSecret(api, webhook.id),
    onSuccess: ({ secret }) => {
      onClose();
      show({ title: text.secret.title, warning: text.secret.once, secret });
      return queries.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <Confirm
      title={text.rotate.title}
      body={text.rotate.body(webhook.url)}
      action={text.rotate.submit}
      pending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    />
  );
}

export function DeleteWebhook({ of: webhook, onClose }: QuestionProps) {
  const { webhooks: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const remove = useMutation({
    mutationFn: () => deleteWebhook(api, webhook.id),
    onSuccess: async () => {
      onClose();
      tell(text.delete.done);
      await queries.invalidateQueries({ queryKey: ["webhooks"] });
      focusPage();
    },
  });
  return (
    <Confirm
      title={text.delete.title}
      body={text.delete.body(webhook.url)}
      action={text.delete.submit}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
