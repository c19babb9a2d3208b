import { useText } from "../text/useText";
import { type Choice, SelectField } from "./SelectField";

interface AnyFieldProps {
  label: string;
  /** "" for any. */
  value: string;
  choices: readonly Choice[];
  onChange: (id: string) => void;
}

/** Narrows down to one of the choices, or to none; knows a value that came with an address. */
export function AnyField({ label, value, choices, onChange }: AnyFieldProps) {
  const { filters } = useText();
  const isListed = value === "" || choices.some(({ id }) => id === value);
  const all: Choice[] = [
    { id: "", label: filters.any },
    ...(isListed ? [] : [{ id: value, label: value }]),
    ...choices,
  ];
  return <SelectField label={label} value={value} choices={all} onChange={onChange} />;
}
