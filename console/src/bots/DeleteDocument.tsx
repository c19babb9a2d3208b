import { deleteDocument, type ListedDocument } from "../api/bots";
import { useChange } from "../api/useChange";
import { useText } from "../text/useText";
import { Confirm } from "../ui/Confirm";
import { useNotice } from "../ui/Notices";

interface DeleteDocumentProps {
  botId: string;
  of: ListedDocument;
  onClose: () => void;
}

export function DeleteDocument({ botId, of: { id, name }, onClose }: DeleteDocumentProps) {
  const { knowledge: text } = useText().bots;
  const tell = useNotice();
  const remove = useChange({
    send: (api) => deleteDocument(api, botId, id),
    stale: ["bots", "knowledge", botId],
    onDone: () => {
      onClose();
      tell(text.delete.done(name));
    },
    onFresh: () => document.getElementById("knowledge")?.focus(),
  });
  return (
    <Confirm
      title={text.delete.title(name)}
      body={text.delete.body}
      action={text.delete.submit}
      change={remove}
      onClose={onClose}
    />
  );
}
