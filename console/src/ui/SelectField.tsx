import { ChevronDownIcon } from "@radix-ui/react-icons";
import { Field } from "./Field";

export interface Choice {
  id: string;
  label: string;
  disabled?: boolean;
}

interface SelectFieldProps {
  label: string;
  hint?: string;
  error?: string | null;
  value: string;
  choices: readonly Choice[];
  onChange: (id: string) => void;
}

/** The browser's own select: its list suits a phone, a keyboard and a strict style policy. */
export function SelectField({ label, hint, error, value, choices, onChange }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <span className="select">
          <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
            {choices.map((choice) => (
              <option key={choice.id} value={choice.id} disabled={choice.disabled}>
                {choice.label}
              </option>
            ))}
          </select>
          <ChevronDownIcon aria-hidden />
        </span>
      )}
    </Field>
  );
}
