import { Card } from "@radix-ui/themes";
import { useState } from "react";
import { useApi } from "../api/useApi";
import { useCatalog } from "../api/useCatalog";
import { useText } from "../text/useText";
import { EmptyConversation } from "../transcript/EmptyConversation";
import { Page } from "../ui/Page";
import { Conversation } from "./Conversation";
import { type Draft, FIRST_DRAFT, requestOf } from "./draft";
import { SessionForm } from "./SessionForm";
import "./talk.css";
import { useTalk } from "./useTalk";

/** Set up, talk, look back: the left side changes, the conversation keeps its place. */
export default function TalkPage() {
  const { talk: text } = useText();
  const api = useApi();
  const catalogState = useCatalog();
  const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
  const { talk, start, reset } = useTalk();
  return (
    <Page title={text.title} bare>
      {talk.call === null ? (
        <div className="talk">
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
        </div>
      ) : (
        <Conversation api={api} call={talk.call} onAgain={reset} />
      )}
    </Page>
  );
}
