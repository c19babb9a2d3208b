import { TextField } from "@radix-ui/themes";
import type { Change } from "../../api/useChange";
import { useText } from "../../text/useText";
import { CheckField } from "../../ui/CheckField";
import { DialogForm } from "../../ui/DialogForm";
import { Field } from "../../ui/Field";
import { AccessFields } from "./AccessFields";
import { isComplete, type KeyDraft } from "./draft";
import { ExpiryField } from "./ExpiryField";

interface KeyFormProps {
  draft: KeyDraft;
  submit: string;
  change: Change;
  /** One that is in use already can also be switched off. */
  existing?: boolean;
  onDraft: (draft: KeyDraft) => void;
  onCancel: () => void;
}

export function KeyForm(props: KeyFormProps) {
  const { draft, submit, change, existing = false, onDraft, onCancel } = props;
  const { keys: text } = useText();
  const fill = (part: Partial<KeyDraft>) => onDraft({ ...draft, ...part });
  const written = [
    { name: "name", param: "name", type: "text" },
    { name: "domains", param: "allowed_domains", type: "text" },
    { name: "models", param: "allowed_models", type: "text" },
    { name: "budget", param: "budget_limit", type: "number" },
    { name: "rpm", param: "rate_limit_rpm", type: "number" },
  ] as const;
  const fields = Object.fromEntries(
    written.map(({ name, param, type }) => [
      name,
      <Field key={name} {...text.fields[name]} error={change.error?.about(param)}>
        {(control) => (
          <TextField.Root
            {...control}
            type={type}
            min={0}
            step={name === "budget" ? "any" : 1}
            required={name === "name"}
            autoComplete="off"
            value={draft[name]}
            onChange={(event) => fill({ [name]: event.target.value })}
          />
        )}
      </Field>,
    ]),
  );
  return (
    <DialogForm submit={submit} change={change} ready={isComplete(draft)} onCancel={onCancel}>
      {fields.name}
      <AccessFields draft={draft} onChange={fill} />
      <div className="fields-two">
        {fields.domains}
        {fields.models}
        {fields.budget}
        {fields.rpm}
      </div>
      <ExpiryField draft={draft} error={change.error?.about("expires_at")} onChange={fill} />
      {existing && (
        <CheckField
          label={text.fields.active.label}
          hint={text.fields.active.hint}
          checked={draft.active}
          onChange={(active) => fill({ active })}
        />
      )}
    </DialogForm>
  );
}
