import { Button } from "@radix-ui/themes";
import { useState } from "react";
import type { Key } from "../../api/keys";
import { useApi } from "../../api/useApi";
import { ListPage } from "../../lists/ListPage";
import { useText } from "../../text/useText";
import { SetupPage } from "../SetupPage";
import { CreateKey, EditKey } from "./KeyDialogs";
import { RevokeKey, RotateKey } from "./KeyQuestions";
import { KeyTable } from "./KeyTable";
import { keyListQuery } from "./queries";

export type KeyAsk = { ask: "create" } | { ask: "edit" | "rotate" | "revoke"; of: Key };

const DIALOGS = { edit: EditKey, rotate: RotateKey, revoke: RevokeKey };

export default function KeysPage() {
  const { keys: text } = useText();
  const [asked, setAsked] = useState<KeyAsk | null>(null);
  const close = () => setAsked(null);
  return (
    <ListPage
      frame={SetupPage}
      text={text}
      query={keyListQuery(useApi())}
      create={(words) => <Button onClick={() => setAsked({ ask: "create" })}>{words}</Button>}
      list={(keys) => <KeyTable keys={keys} onAsk={setAsked} />}
    >
      {asked?.ask === "create" && <CreateKey onClose={close} />}
      {asked && asked.ask !== "create" && <Asked {...asked} onClose={close} />}
    </ListPage>
  );
}

type AskedProps = Exclude<KeyAsk, { ask: "create" }> & { onClose: () => void };

function Asked({ ask, of, onClose }: AskedProps) {
  const Dialog = DIALOGS[ask];
  return <Dialog of={of} onClose={onClose} />;
}
