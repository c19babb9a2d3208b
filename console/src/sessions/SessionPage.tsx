import { Link2Icon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useCallback } from "react";
import { Link, useParams, useSearchParams } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { useText } from "../text/useText";
import { copyText } from "../ui/clipboard";
import { useNotice } from "../ui/Notices";
import { Page } from "../ui/Page";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { SessionView } from "./SessionView";
import { summary } from "./summary";
import { useLiveSession } from "./useLiveSession";

/** Enough of an id to tell sessions apart. */
const SHORT = 8;

export default function SessionPage() {
  const { id = "" } = useParams();
  const text = useText();
  const [chosen, choose] = useChosenTurn();
  const live = useLiveSession(id);
  const { data: session, error, isPending, refetch } = live.session;
  if (error?.status === 404) return <NoSession />;
  return (
    <Page
      title={text.session.title(id.slice(0, SHORT))}
      lead={session && summary(text, session)}
      actions={<CopyLink />}
    >
      <BackLink />
      {isPending && <SkeletonRows count={8} />}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {session && <SessionView session={session} live={live} chosen={chosen} onChoose={choose} />}
    </Page>
  );
}

function NoSession() {
  const { missing } = useText().session;
  return (
    <Page title={missing.title} lead={missing.body}>
      <Button asChild size="3" className="own-width">
        <Link href="/sessions">{missing.list}</Link>
      </Button>
    </Page>
  );
}

/** The turn that the address names, so that a link can lead to it. */
function useChosenTurn(): [number | null, (turnIndex: number) => void] {
  const [params, setParams] = useSearchParams();
  const named = params.get("turn");
  const chosen = named !== null && /^\d{1,6}$/.test(named) ? Number(named) : null;
  const choose = useCallback(
    (turnIndex: number) =>
      setParams(turnIndex === chosen ? {} : { turn: String(turnIndex) }, {
        replace: true,
        state: history.state,
      }),
    [setParams, chosen],
  );
  return [chosen, choose];
}

/** To the list as it was left. */
function BackLink() {
  const { session: text } = useText();
  const left: { search?: string } | null = useHistoryState();
  const search = left?.search ? `?${left.search}` : "";
  return (
    <Link href={`/sessions${search}`} className="back">
      ← {text.back}
    </Link>
  );
}

function CopyLink() {
  const { copy: text } = useText().session;
  const tell = useNotice();
  const copy = async () => {
    tell((await copyText(location.href)) ? text.done : text.refused);
  };
  return (
    <Button variant="soft" color="gray" onClick={() => void copy()}>
      <Link2Icon aria-hidden />
      {text.action}
    </Button>
  );
}
