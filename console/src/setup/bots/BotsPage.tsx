import { PlusIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useState } from "react";
import { Link } from "wouter";
import type { Bot } from "../../api/bots";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../PagedList";
import { SetupPage } from "../SetupPage";
import { BotTable } from "./BotTable";
import { DeleteBot } from "./DeleteBot";
import { botListQuery } from "./queries";

export default function BotsPage() {
  const { bots: text } = useText();
  const [doomed, setDoomed] = useState<Bot | null>(null);
  return (
    <SetupPage
      title={text.title}
      lead={text.lead}
      actions={
        <Button asChild>
          <Link href="/setup/bots/new">
            <PlusIcon aria-hidden /> {text.create.open}
          </Link>
        </Button>
      }
    >
      <PagedList
        query={botListQuery(useApi())}
        empty={
          <EmptyState title={text.empty.title} body={text.empty.body}>
            <Button asChild>
              <Link href="/setup/bots/new">{text.create.open}</Link>
            </Button>
          </EmptyState>
        }
      >
        {(bots) => <BotTable bots={bots} onDelete={setDoomed} />}
      </PagedList>
      {doomed && <DeleteBot of={doomed} onClose={() => setDoomed(null)} />}
    </SetupPage>
  );
}
