import { PlusIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useState } from "react";
import type { Key } from "../../api/keys";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../PagedList";
import { SetupPage } from "../SetupPage";
import { CreateKey, EditKey } from "./KeyDialogs";
import { RevokeKey, RotateKey } from "./KeyQuestions";
import { KeyTable } from "./KeyTable";
import { keyListQuery } from "./queries";

export type KeyAsk = { ask: "create" } | { ask: "edit" | "rotate" | "revoke"; of: Key };

const DIALOGS = { edit: EditKey, rotate: RotateKey, revoke: RevokeKey };

export default function KeysPage() {
  const { keys: text } = useText();
  const api = useApi();
  const [asked, setAsked] = useState<KeyAsk | null>(null);
  const close = () => setAsked(null);
  const create = () => setAsked({ ask: "create" });
  return (
    <SetupPage
      title={text.title}
      lead={text.lead}
      actions={
        <Button onClick={create}>
          <PlusIcon aria-hidden /> {text.create.open}
        </Button>
      }
    >
      <PagedList
        query={keyListQuery(api)}
        empty={
          <EmptyState title={text.empty.title} body={text.empty.body}>
            <Button onClick={create}>{text.create.open}</Button>
          </EmptyState>
        }
      >
        {(keys) => <KeyTable keys={keys} onAsk={setAsked} />}
      </PagedList>
      {asked?.ask === "create" && <CreateKey onClose={close} />}
      {asked && asked.ask !== "create" && <Asked {...asked} onClose={close} />}
    </SetupPage>
  );
}

type AskedProps = Exclude<KeyAsk, { ask: "create" }> & { onClose: () => void };

function Asked({ ask, of, onClose }: AskedProps) {
  const Dialog = DIALOGS[ask];
  return <Dialog of={of} onClose={onClose} />;
}
