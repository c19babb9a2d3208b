import { useText } from "../text/useText";
import { SelectField } from "../ui/SelectField";
import { useMicrophones } from "./useMicrophones";

interface MicrophoneFieldProps {
  value: string;
  /** Changes when the browser's permission may have: only then do microphones have names. */
  permission: string;
  onChange: (id: string) => void;
}

export function MicrophoneField({ value, permission, onChange }: MicrophoneFieldProps) {
  const text = useText();
  const microphones = useMicrophones(permission);
  const named = microphones.map(({ id, label }, place) => ({
    id,
    label: label || text.talk.microphone.unnamed(place + 1),
  }));
  const browserChoice = { id: "", label: text.talk.microphone.browserChoice };
  const choices = named.some(({ id }) => id === "default") ? named : [browserChoice, ...named];
  return (
    <SelectField
      label={text.talk.microphone.label}
      value={choices.some(({ id }) => id === value) ? value : (choices[0]?.id ?? "")}
      choices={choices}
      onChange={onChange}
    />
  );
}
