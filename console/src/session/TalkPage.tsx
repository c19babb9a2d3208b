import { Card } from "@radix-ui/themes";
import { useEffect, useState } from "react";
import type { ApiClient } from "../api/client";
import type { ApiError } from "../api/error";
import { EmptyConversation } from "../transcript/EmptyConversation";
import { Conversation } from "./Conversation";
import { type Draft, FIRST_DRAFT, requestOf } from "./draft";
import { SessionForm } from "./SessionForm";
import "./talk.css";
import { useCatalog } from "./useCatalog";
import { useTalk } from "./useTalk";

interface TalkPageProps {
  api: ApiClient;
  /** The API no longer knows this credential. */
  onRefused: (problem: ApiError) => void;
}

/** Set up, talk, look back: the left side changes, the conversation keeps its place. */
export function TalkPage({ api, onRefused }: TalkPageProps) {
  const catalogState = useCatalog(api);
  const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
  const { talk, start, reset } = useTalk(api);

  useEffect(() => {
    if (talk.problem?.status === 401) onRefused(talk.problem);
  }, [talk.problem, onRefused]);

  if (talk.call !== null) return <Conversation api={api} call={talk.call} onAgain={reset} />;
  return (
    <main className="talk">
      <Card size="2" className="side">
        <SessionForm
          catalogState={catalogState}
          draft={draft}
          starting={talk.starting}
          problem={talk.problem}
          onDraft={setDraft}
          onStart={(chosen) => void start(requestOf(chosen), chosen.microphoneId || null)}
        />
      </Card>
      <EmptyConversation />
    </main>
  );
}
