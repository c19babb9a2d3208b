import { Text } from "@radix-ui/themes";
import { type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  hint?: string;
  /** What the API said about this very field. */
  error?: string | null;
  children: (control: FieldControl) => ReactNode;
}

/** What ties a control to its label, its hint and its error. */
export interface FieldControl {
  id: string;
  "aria-describedby": string;
  "aria-invalid": boolean;
}

export function Field({ label, hint, error = null, children }: FieldProps) {
  const id = useId();
  const describedBy = `${id}-about`;
  return (
    <div className="field">
      <Text as="label" size="2" weight="medium" htmlFor={id}>
        {label}
      </Text>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error !== null })}
      <Text as="p" id={describedBy} size="1" color={error === null ? "gray" : "red"}>
        {error ?? hint}
      </Text>
    </div>
  );
}
