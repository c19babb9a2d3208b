import { Cross2Icon } from "@radix-ui/react-icons";
import { Heading, IconButton } from "@radix-ui/themes";
import { type ReactNode, useCallback, useId } from "react";
import { useText } from "../text/useText";
import "./dialog.css";

/** Where the focus begins: in what is asked, not on the cross. */
const FIRST = ".dialog-body :is(input, select, textarea, button)";

interface DialogProps {
  title: string;
  /** `null` where only what the dialog holds may close it, not Escape and not a cross. */
  onClose: (() => void) | null;
  children: ReactNode;
}

/**
 * The browser's own modal dialog, open for as long as it is rendered: it keeps the focus, closes on
 * Escape and gives the focus back. The one of Radix Themes writes a style element.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const { app } = useText();
  const id = useId();
  const open = useCallback((dialog: HTMLDialogElement | null) => {
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      className="dialog"
      ref={open}
      aria-labelledby={id}
      closedby={onClose ? "closerequest" : "none"}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div className="dialog-head">
        <Heading as="h2" size="5" id={id}>
          {title}
        </Heading>
        {onClose && (
          <IconButton variant="ghost" color="gray" aria-label={app.close} onClick={onClose}>
            <Cross2Icon aria-hidden />
          </IconButton>
        )}
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
