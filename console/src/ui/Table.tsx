import type { ReactNode } from "react";

/** Its name, or more where it holds figures, is hidden on a narrow screen, or is only for hearing. */
export type Column = string | { name: string; className?: string; unseen?: boolean };

interface TableProps {
  label: string;
  columns: readonly Column[];
  /** On a phone a row is a block of its own, where each cell is named by its `data-label`. */
  stacked?: boolean;
  /** The rows of a `<tfoot>`. */
  foot?: ReactNode;
  /** The rows: a `<tr>` each, its first cell a `<th scope="row">`. */
  children: ReactNode;
}

/** A plain table in a frame that scrolls: Radix Themes' own writes a style element. */
export function Table({ label, columns, stacked = false, foot, children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key
    <div className={stacked ? "table stacked" : "table"} tabIndex={0}>
      <table aria-label={label}>
        <TableHead columns={columns} />
        <tbody>{children}</tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}

export function TableHead({ columns }: { columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const { name, className, unseen } =
            typeof column === "string" ? { name: column } : column;
          return (
            <th key={name} scope="col" className={className}>
              {unseen ? <span className="unseen">{name}</span> : name}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
