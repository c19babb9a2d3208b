import { useState } from "react";
import { changeKey, createKey, type Key } from "../../api/keys";
import { useChange } from "../../api/useChange";
import { useText } from "../../text/useText";
import { Dialog } from "../../ui/Dialog";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";
import { changeOf, draftOf, type KeyDraft, NEW_KEY, requestOf } from "./draft";
import { KeyForm } from "./KeyForm";

export function CreateKey({ onClose }: { onClose: () => void }) {
  const { keys: text } = useText();
  const show = useShownOnce();
  const [draft, setDraft] = useState<KeyDraft>(NEW_KEY);
  const create = useChange({
    send: (api) => createKey(api, requestOf(draft, new Date())),
    stale: ["keys"],
    onDone: ({ key, name }) => {
      onClose();
      show({ title: text.create.done(name), warning: text.once, secret: key });
    },
  });
  return (
    <Dialog title={text.create.title} onClose={onClose}>
      <KeyForm
        draft={draft}
        submit={text.create.submit}
        change={create}
        onDraft={setDraft}
        onCancel={onClose}
      />
    </Dialog>
  );
}

export function EditKey({ of: key, onClose }: { of: Key; onClose: () => void }) {
  const { keys: text } = useText();
  const tell = useNotice();
  const [draft, setDraft] = useState<KeyDraft>(() => draftOf(key));
  const change = useChange({
    send: (api) => changeKey(api, key.id, changeOf(key, draft, new Date())),
    stale: ["keys"],
    onDone: ({ name }) => {
      onClose();
      tell(text.edit.done(name));
    },
  });
  return (
    <Dialog title={text.edit.title(key.name)} onClose={onClose}>
      <KeyForm
        draft={draft}
        submit={text.edit.submit}
        change={change}
        existing
        onDraft={setDraft}
        onCancel={onClose}
      />
    </Dialog>
  );
}
