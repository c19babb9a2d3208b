import { Button } from "@radix-ui/themes";

interface RowActionProps {
  /** The row's own name: a screen reader tells the rows' buttons apart by it. */
  of: string;
  verb: string;
  danger?: boolean;
  loading?: boolean;
  onClick: () => void;
}

/** What can be done with one row. */
export function RowAction({ of, verb, danger = false, loading, onClick }: RowActionProps) {
  return (
    <Button
      variant="ghost"
      size="1"
      color={danger ? "red" : undefined}
      loading={loading}
      aria-label={`${verb}: ${of}`}
      onClick={onClick}
    >
      {verb}
    </Button>
  );
}
