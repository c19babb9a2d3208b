import { Button, Text } from "@radix-ui/themes";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Session } from "../api/sessions";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { EmptyState } from "../ui/EmptyState";
import { Page } from "../ui/Page";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { sessionListQuery } from "./queries";
import { SessionTable } from "./SessionTable";

export default function SessionsPage() {
  const { sessions: text } = useText();
  const list = useInfiniteQuery(sessionListQuery(useApi()));
  const sessions = list.data?.pages.flatMap(({ rows }) => rows);
  return (
    <Page title={text.title} lead={text.lead}>
      {list.isPending && <SkeletonRows count={8} />}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {sessions && <Found sessions={sessions} total={list.data?.pages[0]?.total ?? 0} />}
      {list.hasNextPage && (
        <Button
          variant="soft"
          className="own-width"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {text.more}
        </Button>
      )}
    </Page>
  );
}

function Found({ sessions, total }: { sessions: readonly Session[]; total: number }) {
  const { sessions: text } = useText();
  if (sessions.length === 0) {
    return (
      <EmptyState title={text.empty.title} body={text.empty.body}>
        <Button asChild>
          <Link href="/">{text.empty.action}</Link>
        </Button>
      </EmptyState>
    );
  }
  return (
    <>
      <SessionTable sessions={sessions} />
      <Text as="p" size="2" color="gray" role="status">
        {text.count(sessions.length, total)}
      </Text>
    </>
  );
}
