import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Key, revokeKey, rotateKey } from "../../api/keys";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";
import { focusPage } from "../focusPage";

interface QuestionProps {
  of: Key;
  onClose: () => void;
}

export function RotateKey({ of: key, onClose }: QuestionProps) {
  const { keys: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const show = useShownOnce();
  const rotate = useMutation({
    mutationFn: () => rotateKey(api, key.id),
    onSuccess: ({ key: secret, name }) => {
      onClose();
      show({ title: text.rotate.done(name), warning: text.once, secret });
      return queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  return (
    <Confirm
      title={text.rotate.title(key.name)}
      body={text.rotate.body}
      action={text.rotate.submit}
      pending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    />
  );
}

export function RevokeKey({ of: key, onClose }: QuestionProps) {
  const { keys: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const revoke = useMutation({
    mutationFn: () => revokeKey(api, key.id),
    onSuccess: async () => {
      onClose();
      tell(text.revoke.done(key.name));
      await queries.invalidateQueries({ queryKey: ["keys"] });
      focusPage();
    },
  });
  return (
    <Confirm
      title={text.revoke.title(key.name)}
      body={text.revoke.body}
      action={text.revoke.submit}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    />
  );
}
