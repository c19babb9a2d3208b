import { ArrowLeftIcon, ChatBubbleIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";
import type { Bot } from "../api/bots";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { Page } from "../ui/Page";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { CreateBot, EditBot } from "./BotEditors";
import { Knowledge } from "./Knowledge";
import { botQuery } from "./queries";
import { PublishBot } from "./versions/PublishBot";
import { Versions } from "./versions/Versions";

/** The address of the form of a bot that is still to be made. */
const NEW = "new";

export default function BotPage() {
  const { bots: text } = useText();
  const { id } = useParams<{ id: string }>();
  const bot = useQuery({ ...botQuery(useApi(), id), enabled: id !== NEW });
  /** How often the form was filled anew from a version. */
  const [restored, setRestored] = useState(0);
  const title = bot.data?.name ?? (id === NEW ? text.create.title : text.title);
  return (
    <Page title={title} actions={<Ways of={bot.data} />}>
      {id === NEW && <CreateBot />}
      {id !== NEW && bot.isPending && <SkeletonRows count={8} />}
      {bot.error && <Problem error={bot.error} onRetry={() => void bot.refetch()} />}
      {bot.data && (
        <div className="bot">
          <PublishBot of={bot.data} />
          <EditBot key={`${bot.data.id} ${restored}`} of={bot.data} />
          <div className="stack">
            <Versions of={bot.data} onRestored={() => setRestored(restored + 1)} />
            <Knowledge of={bot.data} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Ways({ of: bot }: { of: Bot | undefined }) {
  const { bots: text } = useText();
  return (
    <>
      <Button asChild variant="soft">
        <Link href="/bots">
          <ArrowLeftIcon aria-hidden /> {text.title}
        </Link>
      </Button>
      {bot?.is_active && (
        <Button asChild>
          <Link href={`/?bot=${bot.id}`}>
            <ChatBubbleIcon aria-hidden /> {text.talk}
          </Link>
        </Button>
      )}
    </>
  );
}
