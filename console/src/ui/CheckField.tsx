import { Text } from "@radix-ui/themes";
import type { ReactNode } from "react";

interface CheckFieldProps {
  label: ReactNode;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** The browser's own checkbox with its words, all of which can be pressed. */
export function CheckField({ label, hint, checked, disabled, onChange }: CheckFieldProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <Text size="2">{label}</Text>
        {hint && (
          <Text as="span" size="1" color="gray">
            {hint}
          </Text>
        )}
      </span>
    </label>
  );
}
