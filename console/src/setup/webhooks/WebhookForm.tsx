import { Button, Text, TextField } from "@radix-ui/themes";
import type { FormEvent } from "react";
import type { ApiError } from "../../api/error";
import { EVENTS, type WebhookRequest } from "../../api/webhooks";
import { useText } from "../../text/useText";
import { CheckField } from "../../ui/CheckField";
import { Field } from "../../ui/Field";
import { Problem } from "../../ui/Problem";

interface WebhookFormProps {
  draft: WebhookRequest;
  submit: string;
  pending: boolean;
  problem: ApiError | null;
  onDraft: (draft: WebhookRequest) => void;
  onSubmit: () => void;
  onCancel: () => void;
}

export function WebhookForm(props: WebhookFormProps) {
  const { draft, submit, pending, problem, onDraft, onSubmit, onCancel } = props;
  const { app, webhooks: text } = useText();
  const { fields } = text;
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const eventsProblem = problem?.about("events");
  return (
    <form className="stack" onSubmit={send}>
      <Field label={fields.url.label} hint={fields.url.hint} error={problem?.about("url")}>
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
              const events = EVENTS.filter((each) =>
                each === one ? on : draft.events.includes(each),
              );
              onDraft({ ...draft, events });
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
      {problem && <Problem error={problem} />}
      <div className="dialog-actions">
        <Button type="button" variant="soft" color="gray" onClick={onCancel}>
          {app.cancel}
        </Button>
        <Button
          type="submit"
          loading={pending}
          disabled={draft.url.trim() === "" || draft.events.length === 0}
        >
          {submit}
        </Button>
      </div>
    </form>
  );
}
