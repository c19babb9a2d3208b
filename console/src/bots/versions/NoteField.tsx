import { TextField } from "@radix-ui/themes";
import type { ApiError } from "../../api/error";
import { NOTE_LIMIT } from "../../api/versions";
import { useText } from "../../text/useText";
import { Field } from "../../ui/Field";

interface NoteFieldProps {
  value: string;
  problem: ApiError | null;
  onChange: (note: string) => void;
}

/** Why a version is published, in a line. */
export function NoteField({ value, problem, onChange }: NoteFieldProps) {
  const { note: text } = useText().bots.versions;
  return (
    <Field label={text.label} hint={text.hint} error={problem?.about("note")}>
      {(control) => (
        <TextField.Root
          {...control}
          autoComplete="off"
          dir="auto"
          maxLength={NOTE_LIMIT}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
