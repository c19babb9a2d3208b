import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Bot, deleteBot } from "../../api/bots";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { useNotice } from "../../ui/Notices";
import { focusPage } from "../focusPage";

export function DeleteBot({ of: { id, name }, onClose }: { of: Bot; onClose: () => void }) {
  const { bots: text } = useText();
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const remove = useMutation({
    mutationFn: () => deleteBot(api, id),
    onSuccess: async () => {
      onClose();
      tell(text.delete.done(name));
      await queries.invalidateQueries({ queryKey: ["bots"] });
      focusPage();
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
