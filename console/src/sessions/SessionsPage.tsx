import { Button, Text } from "@radix-ui/themes";
import { useCallback } from "react";
import { Link } from "wouter";
import { useText } from "../text/useText";
import { ConnectionState } from "../ui/ConnectionState";
import { EmptyState } from "../ui/EmptyState";
import { Page } from "../ui/Page";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { useFigure } from "../ui/useFigure";
import { useInAddress } from "../ui/useInAddress";
import { FilterBar } from "./FilterBar";
import { countSet, NO_FILTERS, readFilters, writeFilters } from "./filters";
import { SessionTable } from "./SessionTable";
import { useLiveSessions } from "./useLiveSessions";

export default function SessionsPage() {
  const { sessions: text } = useText();
  const [filters, change] = useInAddress(readFilters, writeFilters);
  const { list, sessions, total, stream } = useLiveSessions(filters);
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={<ConnectionState connection={stream.connection} />}
    >
      <FilterBar filters={filters} onChange={change} />
      {stream.problem && <Problem error={stream.problem} />}
      {list.isPending && <SkeletonRows count={8} />}
      {sessions && <Total count={total} />}
      {sessions && sessions.length > 0 && (
        <SessionTable sessions={sessions} total={total} onNearEnd={more} />
      )}
      {sessions?.length === 0 && (
        <Nothing narrowed={countSet(filters) > 0} onClear={() => change(NO_FILTERS)} />
      )}
      {list.isFetchingNextPage && <SkeletonRows count={3} />}
      {list.error && (
        <Problem
          error={list.error}
          onRetry={() => void (isFetchNextPageError ? fetchNextPage() : list.refetch())}
        />
      )}
    </Page>
  );
}

function Total({ count }: { count: number }) {
  const { sessions: text } = useText();
  const figure = useFigure();
  return (
    <Text as="p" size="2" color="gray" role="status">
      {text.count(count, figure(count))}
    </Text>
  );
}

/** Why the list is empty, and what to do about it. */
function Nothing({ narrowed, onClear }: { narrowed: boolean; onClear: () => void }) {
  const { sessions: text, filters } = useText();
  if (narrowed) {
    return (
      <EmptyState title={text.noMatch.title} body={text.noMatch.body}>
        <Button variant="soft" onClick={onClear}>
          {filters.clear}
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={text.empty.title} body={text.empty.body}>
      <Button asChild>
        <Link href="/">{text.empty.action}</Link>
      </Button>
    </EmptyState>
  );
}
