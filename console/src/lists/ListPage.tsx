import { PlusIcon } from "@radix-ui/react-icons";
import type { ComponentType, ReactNode } from "react";
import { EmptyState } from "../ui/EmptyState";
import { PagedList } from "./PagedList";
import type { pagedQuery } from "./paged";

interface ListPageProps<Row> {
  /** Around it: `Page`, or one that has the way to others too. */
  frame: ComponentType<{ title: string; lead: string; actions: ReactNode; children: ReactNode }>;
  text: {
    title: string;
    lead: string;
    create: { open: string };
    empty: { title: string; body: string };
  };
  query: ReturnType<typeof pagedQuery<Row>>;
  /** Wraps the words that lead to a new one in a button or in a link. */
  create: (words: ReactNode) => ReactNode;
  list: (rows: Row[]) => ReactNode;
  /** Below the list, and the dialogs. */
  children?: ReactNode;
}

/** A page of what a tenant makes, where the first one is made too. */
export function ListPage<Row>(props: ListPageProps<Row>) {
  const { frame: Frame, text, query, create, list, children } = props;
  const words = text.create.open;
  return (
    <Frame
      title={text.title}
      lead={text.lead}
      actions={create(
        <>
          <PlusIcon aria-hidden /> {words}
        </>,
      )}
    >
      <PagedList query={query} empty={<EmptyState {...text.empty}>{create(words)}</EmptyState>}>
        {list}
      </PagedList>
      {children}
    </Frame>
  );
}
