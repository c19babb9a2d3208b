import { PlusIcon } from "@radix-ui/react-icons";
import { Button, Card, Heading, Text } from "@radix-ui/themes";
import { useState } from "react";
import type { Bot, ListedDocument } from "../api/bots";
import { useApi } from "../api/useApi";
import { PagedList } from "../lists/PagedList";
import { useText } from "../text/useText";
import { AddDocument } from "./AddDocument";
import { DeleteDocument } from "./DeleteDocument";
import { DocumentTable } from "./DocumentTable";
import { documentListQuery } from "./queries";
import { ReadDocument } from "./ReadDocument";

export type DocumentAsk = { ask: "read" | "delete"; document: ListedDocument };

/** The texts that a bot's answers draw on. */
export function Knowledge({ of: { id } }: { of: Bot }) {
  const { knowledge: text } = useText().bots;
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<DocumentAsk | null>(null);
  const close = () => setAsked(null);
  return (
    <Card size="2" asChild>
      <section aria-labelledby="knowledge">
        <div className="stack">
          <div className="page-head">
            <div>
              <Heading as="h2" size="4" id="knowledge" tabIndex={-1}>
                {text.title}
              </Heading>
              <Text as="p" size="2" color="gray">
                {text.lead}
              </Text>
            </div>
            <Button variant="soft" onClick={() => setAdding(true)}>
              <PlusIcon aria-hidden /> {text.add.open}
            </Button>
          </div>
          <PagedList
            query={documentListQuery(useApi(), id)}
            empty={
              <Text as="p" size="2" color="gray">
                {text.empty}
              </Text>
            }
          >
            {(documents) => <DocumentTable documents={documents} onAsk={setAsked} />}
          </PagedList>
        </div>
        {adding && <AddDocument botId={id} onClose={() => setAdding(false)} />}
        {asked?.ask === "read" && <ReadDocument botId={id} of={asked.document} onClose={close} />}
        {asked?.ask === "delete" && (
          <DeleteDocument botId={id} of={asked.document} onClose={close} />
        )}
      </section>
    </Card>
  );
}
