import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { Page } from "../ui/Page";
import { Conversation } from "./Conversation";
import { SessionForm } from "./SessionForm";
import "./talk.css";
import { useTalking } from "./TalkProvider";

/** Set up, talk, look back. */
export default function TalkPage() {
  const { talk: text } = useText();
  const api = useApi();
  const { talk, reset } = useTalking();
  if (talk.call === null || talk.request === null) {
    return (
      <Page title={text.heading} lead={text.lead}>
        <SessionForm />
      </Page>
    );
  }
  return (
    <Page title={text.title} bare>
      <Conversation api={api} call={talk.call} request={talk.request} onAgain={reset} />
    </Page>
  );
}
