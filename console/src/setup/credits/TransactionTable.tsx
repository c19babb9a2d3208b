import { Link } from "wouter";
import type { Transaction } from "../../api/credits";
import { ListTable } from "../../lists/ListTable";
import { useText } from "../../text/useText";
import { DASH } from "../../ui/duration";
import { Moment } from "../../ui/Moment";
import { shortId } from "../../ui/shortId";
import { credits } from "../amount";

/** Movements of credits, a row each. */
export function TransactionTable({ transactions }: { transactions: readonly Transaction[] }) {
  const { credits: text } = useText();
  const { columns } = text;
  return (
    <ListTable
      label={text.balance.movements}
      columns={[
        columns.at,
        columns.kind,
        columns.model,
        columns.session,
        { name: columns.credits, className: "figure" },
      ]}
    >
      {transactions.map((transaction) => (
        <TransactionRow key={transaction.id} of={transaction} />
      ))}
    </ListTable>
  );
}

function TransactionRow({ of: transaction }: { of: Transaction }) {
  const { credits: text } = useText();
  const { columns } = text;
  const { kind, service, session_id: sessionId, credits: amount } = transaction;
  return (
    <tr>
      <th scope="row">
        <Moment at={transaction.created_at} />
      </th>
      <td data-label={columns.kind}>{service ? text.services[service] : text.kinds[kind]}</td>
      <td data-label={columns.model}>{transaction.model ?? DASH}</td>
      <td data-label={columns.session}>
        {sessionId === null ? (
          DASH
        ) : (
          <Link href={`/sessions/${sessionId}`}>{shortId(sessionId)}</Link>
        )}
      </td>
      <td data-label={columns.credits} className="figure">
        {amount > 0 ? `+${credits(amount)}` : credits(amount)}
      </td>
    </tr>
  );
}
