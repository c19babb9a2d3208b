import { Button } from "@radix-ui/themes";
import type { FormEvent, ReactNode } from "react";
import type { Change } from "../api/useChange";
import { useText } from "../text/useText";
import { Problem } from "./Problem";

interface DialogFormProps {
  /** The verb of what is done. */
  submit: string;
  change: Change;
  /** Whether enough is filled in. */
  ready: boolean;
  onCancel: () => void;
  /** The fields. */
  children: ReactNode;
}

/** A form in a dialog: its fields, why it was refused, and the two ways out. */
export function DialogForm({ submit, change, ready, onCancel, children }: DialogFormProps) {
  const { app } = useText();
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form className="stack" onSubmit={send}>
      {children}
      {change.error && <Problem error={change.error} />}
      <div className="dialog-actions">
        <Button type="button" variant="soft" color="gray" onClick={onCancel}>
          {app.cancel}
        </Button>
        <Button type="submit" loading={change.isPending} disabled={!ready}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
