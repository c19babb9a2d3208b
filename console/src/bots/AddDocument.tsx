import { Text, TextArea, TextField } from "@radix-ui/themes";
import { type ChangeEvent, useState } from "react";
import { addDocument, DOCUMENT_LIMIT } from "../api/bots";
import { useChange } from "../api/useChange";
import { useText } from "../text/useText";
import { Dialog } from "../ui/Dialog";
import { DialogForm } from "../ui/DialogForm";
import { Field } from "../ui/Field";
import { useNotice } from "../ui/Notices";
import { countCharacters } from "./draft";
import { readText } from "./readText";

export function AddDocument({ botId, onClose }: { botId: string; onClose: () => void }) {
  const { knowledge: text } = useText().bots;
  const tell = useNotice();
  const [written, setWritten] = useState({ name: "", content: "" });
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const add = useChange({
    send: (api) => addDocument(api, botId, { ...written, name: written.name.trim() }),
    stale: ["bots", "knowledge", botId],
    onDone: ({ name }) => {
      onClose();
      tell(text.add.done(name));
    },
  });
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (!file) return;
    const content = await readText(file);
    setUnreadable(content === null ? text.add.unreadable(file.name) : null);
    if (content !== null) setWritten({ name: written.name || file.name, content });
  };
  const length = countCharacters(written.content);
  const hint = text.add.contentHint(length, DOCUMENT_LIMIT);
  const isReady = written.name.trim() !== "" && written.content.trim() !== "";
  return (
    <Dialog title={text.add.title} onClose={onClose}>
      <DialogForm
        submit={text.add.submit}
        change={add}
        ready={isReady && length <= DOCUMENT_LIMIT}
        onCancel={onClose}
      >
        <Field label={text.add.file} hint={text.add.fileHint} error={unreadable}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".txt,.md,text/plain,text/markdown"
              onChange={(event) => void choose(event)}
            />
          )}
        </Field>
        <Field label={text.name} error={add.error?.about("name")}>
          {(control) => (
            <TextField.Root
              {...control}
              required
              autoComplete="off"
              value={written.name}
              onChange={(event) => setWritten({ ...written, name: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={text.add.content}
          hint={hint}
          error={length > DOCUMENT_LIMIT ? hint : add.error?.about("content")}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={8}
              required
              resize="vertical"
              value={written.content}
              onChange={(event) => setWritten({ ...written, content: event.target.value })}
            />
          )}
        </Field>
        <Text as="p" size="1" color="gray">
          {text.add.searched}
        </Text>
      </DialogForm>
    </Dialog>
  );
}
