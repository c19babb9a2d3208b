import { Card } from "@radix-ui/themes";
import type { ReactNode } from "react";
import { useText } from "../text/useText";
import { type Column, Table } from "../ui/Table";

interface ListTableProps {
  label: string;
  columns: readonly Column[];
  /** Each row ends in what can be done with it: `<RowAction>`s in a cell `cell-actions`. */
  actions?: boolean;
  children: ReactNode;
}

/** A list on a card, a row each; on a phone a block each. */
export function ListTable({ label, columns, actions = false, children }: ListTableProps) {
  const { lists: text } = useText();
  const all = actions ? [...columns, { name: text.actions, unseen: true }] : columns;
  return (
    <Card size="1">
      <Table stacked label={label} columns={all}>
        {children}
      </Table>
    </Card>
  );
}
