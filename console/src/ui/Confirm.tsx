import { Button, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";
import type { Change } from "../api/useChange";
import { useText } from "../text/useText";
import { Dialog } from "./Dialog";
import { Problem } from "./Problem";

interface ConfirmProps {
  title: string;
  /** What will happen, and what will not come back. */
  body: string;
  /** The verb of what is done. */
  action: string;
  change: Change;
  onClose: () => void;
  /** What is asked along with it. */
  children?: ReactNode;
}

/** Asks back before something that cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { title, body, action, change, onClose, children } = props;
  const { app } = useText();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <Text as="p" size="2">
          {body}
        </Text>
        {children}
        {change.error && <Problem error={change.error} />}
        <div className="dialog-actions">
          <Button variant="soft" color="gray" onClick={onClose}>
            {app.cancel}
          </Button>
          <Button color="red" loading={change.isPending} onClick={() => change.mutate()}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
