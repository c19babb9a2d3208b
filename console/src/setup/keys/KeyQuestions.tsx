import { type Key, revokeKey, rotateKey } from "../../api/keys";
import { useChange } from "../../api/useChange";
import { focusPage } from "../../lists/focusPage";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";

interface QuestionProps {
  of: Key;
  onClose: () => void;
}

export function RotateKey({ of: key, onClose }: QuestionProps) {
  const { keys: text } = useText();
  const show = useShownOnce();
  const rotate = useChange({
    send: (api) => rotateKey(api, key.id),
    stale: ["keys"],
    onDone: ({ key: secret, name }) => {
      onClose();
      show({ title: text.rotate.done(name), warning: text.once, secret });
    },
  });
  return (
    <Confirm
      title={text.rotate.title(key.name)}
      body={text.rotate.body}
      action={text.rotate.submit}
      change={rotate}
      onClose={onClose}
    />
  );
}

export function RevokeKey({ of: key, onClose }: QuestionProps) {
  const { keys: text } = useText();
  const tell = useNotice();
  const revoke = useChange({
    send: (api) => revokeKey(api, key.id),
    stale: ["keys"],
    onDone: () => {
      onClose();
      tell(text.revoke.done(key.name));
    },
    onFresh: focusPage,
  });
  return (
    <Confirm
      title={text.revoke.title(key.name)}
      body={text.revoke.body}
      action={text.revoke.submit}
      change={revoke}
      onClose={onClose}
    />
  );
}
