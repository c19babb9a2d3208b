import { Button } from "@radix-ui/themes";
import { useState } from "react";
import { Link } from "wouter";
import type { Bot } from "../api/bots";
import { useApi } from "../api/useApi";
import { ListPage } from "../lists/ListPage";
import { useText } from "../text/useText";
import { Page } from "../ui/Page";
import { BotTable } from "./BotTable";
import { DeleteBot } from "./DeleteBot";
import { botListQuery } from "./queries";

export default function BotsPage() {
  const { bots: text } = useText();
  const [doomed, setDoomed] = useState<Bot | null>(null);
  return (
    <ListPage
      frame={Page}
      text={text}
      query={botListQuery(useApi())}
      create={(words) => (
        <Button asChild>
          <Link href="/bots/new">{words}</Link>
        </Button>
      )}
      list={(bots) => <BotTable bots={bots} onDelete={setDoomed} />}
    >
      {doomed && <DeleteBot of={doomed} onClose={() => setDoomed(null)} />}
    </ListPage>
  );
}
