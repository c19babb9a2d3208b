import { text } from "../text/text";
import { SelectField } from "../ui/SelectField";
import { useMicrophones } from "./useMicrophones";

interface MicrophoneFieldProps {
  value: string;
  /** Changes when the browser's permission may have: only then do microphones have names. */
  permission: string;
  onChange: (id: string) => void;
}

export function MicrophoneField({ value, permission, onChange }: MicrophoneFieldProps) {
  const microphones = useMicrophones(permission);
  const named = microphones.map(({ id, label }, place) => ({
    id,
    label: label || text.microphone.unnamed(place + 1),
  }));
  const browserChoice = { id: "", label: text.microphone.browserChoice };
  const choices = named.some(({ id }) => id === "default") ? named : [browserChoice, ...named];
  return (
    <SelectField
      label={text.microphone.label}
      value={choices.some(({ id }) => id === value) ? value : (choices[0]?.id ?? "")}
      choices={choices}
      onChange={onChange}
    />
  );
}
