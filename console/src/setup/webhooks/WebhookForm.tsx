import { Text, TextField } from "@radix-ui/themes";
import type { Change } from "../../api/useChange";
import { EVENTS, type WebhookRequest } from "../../api/webhooks";
import { useText } from "../../text/useText";
import { CheckField } from "../../ui/CheckField";
import { DialogForm } from "../../ui/DialogForm";
import { Field } from "../../ui/Field";

interface WebhookFormProps {
  draft: WebhookRequest;
  submit: string;
  change: Change;
  onDraft: (draft: WebhookRequest) => void;
  onCancel: () => void;
}

export function WebhookForm({ draft, submit, change, onDraft, onCancel }: WebhookFormProps) {
  const { webhooks: text } = useText();
  const { fields } = text;
  const eventsProblem = change.error?.about("events");
  return (
    <DialogForm
      submit={submit}
      change={change}
      ready={draft.url.trim() !== "" && draft.events.length > 0}
      onCancel={onCancel}
    >
      <Field label={fields.url.label} hint={fields.url.hint} error={change.error?.about("url")}>
        {(control) => (
          <TextField.Root
            {...control}
            type="url"
            required
            placeholder="https://…"
            autoComplete="off"
            value={draft.url}
            onChange={(event) => onDraft({ ...draft, url: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="checks">
        <legend>{fields.events}</legend>
        {EVENTS.map((one) => (
          <CheckField
            key={one}
            label={text.events[one].meaning}
            hint={one}
            checked={draft.events.includes(one)}
            onChange={(on) => {
              const others = draft.events.filter((each) => each !== one);
              onDraft({ ...draft, events: on ? [...others, one] : others });
            }}
          />
        ))}
        {eventsProblem && (
          <Text as="p" size="1" color="red">
            {eventsProblem}
          </Text>
        )}
      </fieldset>
      <CheckField
        label={fields.active.label}
        hint={fields.active.hint}
        checked={draft.is_active}
        onChange={(is_active) => onDraft({ ...draft, is_active })}
      />
    </DialogForm>
  );
}
