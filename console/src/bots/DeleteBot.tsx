import { type Bot, deleteBot } from "../api/bots";
import { useChange } from "../api/useChange";
import { focusPage } from "../lists/focusPage";
import { useText } from "../text/useText";
import { Confirm } from "../ui/Confirm";
import { useNotice } from "../ui/Notices";

export function DeleteBot({ of: { id, name }, onClose }: { of: Bot; onClose: () => void }) {
  const { bots: text } = useText();
  const tell = useNotice();
  const remove = useChange({
    send: (api) => deleteBot(api, id),
    stale: ["bots"],
    onDone: () => {
      onClose();
      tell(text.delete.done(name));
    },
    onFresh: focusPage,
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
