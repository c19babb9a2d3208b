import { TextField } from "@radix-ui/themes";
import { useText } from "../../text/useText";
import { Field } from "../../ui/Field";
import { SelectField } from "../../ui/SelectField";
import { EXPIRIES, type Expiry, type KeyDraft } from "./draft";

interface ExpiryFieldProps {
  draft: KeyDraft;
  error?: string | null;
  onChange: (part: Partial<KeyDraft>) => void;
}

export function ExpiryField({ draft, error, onChange }: ExpiryFieldProps) {
  const { keys: text } = useText();
  return (
    <div className="fields-two">
      <SelectField
        label={text.fields.expiry}
        error={draft.expiry === "date" ? null : error}
        value={draft.expiry}
        choices={EXPIRIES.map((id) => ({ id, label: text.expiries[id] }))}
        onChange={(expiry) => onChange({ expiry: expiry as Expiry })}
      />
      {draft.expiry === "date" && (
        <Field
          label={text.fields.expiryDate.label}
          hint={text.fields.expiryDate.hint}
          error={error}
        >
          {(control) => (
            <TextField.Root
              {...control}
              type="datetime-local"
              required
              value={draft.expiryDate}
              onChange={(event) => onChange({ expiryDate: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
