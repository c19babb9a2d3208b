import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteDocument, type KnowledgeDocument } from "../../api/bots";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";

interface DeleteDocumentProps {
  botId: string;
  of: KnowledgeDocument;
  onClose: () => void;
}

export function DeleteDocument({ botId, of: { id, name }, onClose }: DeleteDocumentProps) {
  const { knowledge: text } = useText().bots;
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const remove = useMutation({
    mutationFn: () => deleteDocument(api, botId, id),
    onSuccess: async () => {
      onClose();
      tell(text.delete.done(name));
      await queries.invalidateQueries({ queryKey: ["bots", "knowledge", botId] });
      document.getElementById("knowledge")?.focus();
    },
  });
  return (
    <Confirm
      title={text.delete.title(name)}
      body={text.delete.body}
      action={text.delete.submit}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
