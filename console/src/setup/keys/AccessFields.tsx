import { PERMISSIONS, SCOPES } from "../../api/keys";
import { useText } from "../../text/useText";
import { CheckField } from "../../ui/CheckField";
import type { KeyDraft } from "./draft";

interface AccessFieldsProps {
  draft: KeyDraft;
  onChange: (part: Partial<KeyDraft>) => void;
}

/** What a key may do: the services that it may use, and what else of the tenant it may see. */
export function AccessFields({ draft, onChange }: AccessFieldsProps) {
  const { keys: text } = useText();
  return (
    <>
      <fieldset className="checks">
        <legend>{text.fields.permissions}</legend>
        <CheckField
          label={text.fields.everything}
          checked={draft.everything}
          onChange={(everything) => onChange({ everything })}
        />
        <div className="checks-grid">
          {PERMISSIONS.map((one) => (
            <CheckField
              key={one}
              label={text.permissions[one]}
              checked={draft.everything || draft.permissions.includes(one)}
              disabled={draft.everything}
              onChange={(on) => onChange({ permissions: toggled(draft.permissions, one, on) })}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className="checks">
        <legend>{text.fields.scopes}</legend>
        <div className="checks-grid">
          {SCOPES.map((one) => (
            <CheckField
              key={one}
              label={text.scopes[one]}
              hint={one}
              checked={draft.scopes.includes(one)}
              onChange={(on) => onChange({ scopes: toggled(draft.scopes, one, on) })}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}

function toggled(chosen: readonly string[], one: string, on: boolean): string[] {
  return on ? [...chosen, one] : chosen.filter((each) => each !== one);
}
