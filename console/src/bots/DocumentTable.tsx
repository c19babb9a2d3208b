import type { ListedDocument } from "../api/bots";
import { RowAction } from "../lists/RowAction";
import { useText } from "../text/useText";
import { Moment } from "../ui/Moment";
import { Table } from "../ui/Table";
import { useFigure } from "../ui/useFigure";
import type { DocumentAsk } from "./Knowledge";

interface DocumentTableProps {
  documents: readonly ListedDocument[];
  onAsk: (ask: DocumentAsk) => void;
}

export function DocumentTable({ documents, onAsk }: DocumentTableProps) {
  const { bots, lists } = useText();
  const { knowledge: text } = bots;
  const figure = useFigure();
  return (
    <Table stacked label={text.title} columns={[text.name, { name: lists.actions, unseen: true }]}>
      {documents.map((document) => (
        <tr key={document.id}>
          <th scope="row" className="words">
            {document.name}
            <span className="cell-detail">
              {text.bytes(figure(document.content_bytes))} · <Moment at={document.created_at} />
            </span>
          </th>
          <td className="cell-actions">
            <span>
              <RowAction
                of={document.name}
                verb={text.read}
                onClick={() => onAsk({ ask: "read", document })}
              />
              <RowAction
                of={document.name}
                verb={text.delete.open}
                danger
                onClick={() => onAsk({ ask: "delete", document })}
              />
            </span>
          </td>
        </tr>
      ))}
    </Table>
  );
}
