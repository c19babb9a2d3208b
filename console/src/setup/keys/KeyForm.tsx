import { Button, TextField } from "@radix-ui/themes";
import type { FormEvent } from "react";
import type { ApiError } from "../../api/error";
import { useText } from "../../text/useText";
import { CheckField } from "../../ui/CheckField";
import { Field } from "../../ui/Field";
import { Problem } from "../../ui/Problem";
import { AccessFields } from "./AccessFields";
import { isComplete, type KeyDraft } from "./draft";
import { ExpiryField } from "./ExpiryField";

interface KeyFormProps {
  draft: KeyDraft;
  submit: string;
  pending: boolean;
  problem: ApiError | null;
  /** One that is in use already can also be switched off. */
  existing?: boolean;
  onDraft: (draft: KeyDraft) => void;
  onSubmit: () => void;
  onCancel: () => void;
}

export function KeyForm(props: KeyFormProps) {
  const { draft, submit, pending, problem, existing = false, onDraft, onSubmit, onCancel } = props;
  const { app, keys: text } = useText();
  const change = (part: Partial<KeyDraft>) => onDraft({ ...draft, ...part });
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
      <Field key={name} {...text.fields[name]} error={problem?.about(param)}>
        {(control) => (
          <TextField.Root
            {...control}
            type={type}
            min={0}
            step={name === "budget" ? "any" : 1}
            required={name === "name"}
            autoComplete="off"
            value={draft[name]}
            onChange={(event) => change({ [name]: event.target.value })}
          />
        )}
      </Field>,
    ]),
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className="stack" onSubmit={send}>
      {fields.name}
      <AccessFields draft={draft} onChange={change} />
      <div className="fields-two">
        {fields.domains}
        {fields.models}
        {fields.budget}
        {fields.rpm}
      </div>
      <ExpiryField draft={draft} error={problem?.about("expires_at")} onChange={change} />
      {existing && (
        <CheckField
          label={text.fields.active.label}
          hint={text.fields.active.hint}
          checked={draft.active}
          onChange={(active) => change({ active })}
        />
      )}
      {problem && <Problem error={problem} />}
      <div className="dialog-actions">
        <Button type="button" variant="soft" color="gray" onClick={onCancel}>
          {app.cancel}
        </Button>
        <Button type="submit" loading={pending} disabled={!isComplete(draft)}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
