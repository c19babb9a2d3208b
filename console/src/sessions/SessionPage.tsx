import { Link2Icon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { Link, useParams } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { useText } from "../text/useText";
import { Page } from "../ui/Page";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { shortId } from "../ui/shortId";
import { SessionView } from "./SessionView";
import { summary } from "./summary";
import { useAddress } from "./useAddress";
import { useLiveSession } from "./useLiveSession";
import { useShare } from "./useShare";

export default function SessionPage() {
  const { id = "" } = useParams();
  const text = useText();
  const [named, choose] = useAddress();
  const live = useLiveSession(id);
  const { data: session, error, isPending, refetch } = live.session;
  if (error?.status === 404) return <NoSession />;
  return (
    <Page
      title={text.session.title(shortId(id))}
      lead={session && summary(text, session)}
      actions={<CopyLink />}
    >
      <BackLink />
      {isPending && <SkeletonRows count={8} />}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {session && <SessionView session={session} live={live} named={named} onChoose={choose} />}
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
  const share = useShare();
  return (
    <Button variant="soft" color="gray" onClick={() => void share(location.href)}>
      <Link2Icon aria-hidden />
      {text.action}
    </Button>
  );
}
