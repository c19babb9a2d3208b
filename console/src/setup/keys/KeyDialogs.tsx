import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeKey, createKey, type Key } from "../../api/keys";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { Dialog } from "../../ui/Dialog";
import { useNotice } from "../../ui/Notices";
import { useShownOnce } from "../../ui/ShownOnce";
import { changeOf, draftOf, type KeyDraft, NEW_KEY, requestOf } from "./draft";
import { KeyForm } from "./KeyForm";

export function CreateKey({ onClose }: { onClose: () => void }) {
  const { keys: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const show = useShownOnce();
  const [draft, setDraft] = useState<KeyDraft>(NEW_KEY);
  const create = useMutation({
    mutationFn: () => createKey(api, requestOf(draft, new Date())),
    onSuccess: ({ key, name }) => {
      onClose();
      show({ title: text.create.done(name), warning: text.once, secret: key });
      return queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  return (
    <Dialog title={text.create.title} onClose={onClose}>
      <KeyForm
        draft={draft}
        submit={text.create.submit}
        pending={create.isPending}
        problem={create.error}
        onDraft={setDraft}
        onSubmit={() => create.mutate()}
        onCancel={onClose}
      />
    </Dialog>
  );
}

export function EditKey({ of: key, onClose }: { of: Key; onClose: () => void }) {
  const { keys: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const [draft, setDraft] = useState<KeyDraft>(() => draftOf(key));
  const change = useMutation({
    mutationFn: () => changeKey(api, key.id, changeOf(key, draft, new Date())),
    onSuccess: ({ name }) => {
      onClose();
      tell(text.edit.done(name));
      return queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  return (
    <Dialog title={text.edit.title(key.name)} onClose={onClose}>
      <KeyForm
        draft={draft}
        submit={text.edit.submit}
        pending={change.isPending}
        problem={change.error}
        existing
        onDraft={setDraft}
        onSubmit={() => change.mutate()}
        onCancel={onClose}
      />
    </Dialog>
  );
}
