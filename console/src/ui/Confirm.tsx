import { Button, Text } from "@radix-ui/themes";
import type { ApiError } from "../api/error";
import { useText } from "../text/useText";
import { Dialog } from "./Dialog";
import { Problem } from "./Problem";

interface ConfirmProps {
  title: string;
  /** What will happen, and what will not come back. */
  body: string;
  /** The verb of what is done. */
  action: string;
  pending: boolean;
  error: ApiError | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks back before something that cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { title, body, action, pending, error, onConfirm, onClose } = props;
  const { app } = useText();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <Text as="p" size="2">
          {body}
        </Text>
        {error && <Problem error={error} />}
        <div className="dialog-actions">
          <Button variant="soft" color="gray" onClick={onClose}>
            {app.cancel}
          </Button>
          <Button color="red" loading={pending} onClick={onConfirm}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
