import { Heading, Skeleton, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/useApi";
import { PagedList } from "../../lists/PagedList";
import { useText } from "../../text/useText";
import { EmptyState } from "../../ui/EmptyState";
import { Problem } from "../../ui/Problem";
import { credits } from "../amount";
import { Figure } from "./Figure";
import { balanceQuery, transactionListQuery } from "./queries";
import { TransactionTable } from "./TransactionTable";

/** What is left, and every movement that led there. */
export function Balance() {
  const { credits: text } = useText();
  const api = useApi();
  const { data, error, refetch } = useQuery(balanceQuery(api));
  return (
    <section className="stack" aria-labelledby="balance">
      <Heading as="h2" size="5" id="balance">
        {text.balance.title}
      </Heading>
      {error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          <div className="figures">
            <Figure label={text.balance.left}>
              {data === undefined ? <Skeleton>1,000</Skeleton> : credits(data)}
            </Figure>
          </div>
          {data !== undefined && data <= 0 && (
            <Text as="p" size="2" color="red">
              {text.balance.nothingLeft}
            </Text>
          )}
          <PagedList
            query={transactionListQuery(api)}
            empty={<EmptyState title={text.empty.title} body={text.empty.body} />}
          >
            {(transactions) => <TransactionTable transactions={transactions} />}
          </PagedList>
        </>
      )}
    </section>
  );
}
