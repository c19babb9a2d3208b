import { Button, Card, Heading, TextArea, TextField } from "@radix-ui/themes";
import type { FormEvent, ReactNode } from "react";
import { BOT_PROMPT_LIMIT } from "../api/bots";
import type { ApiError } from "../api/error";
import type { Change } from "../api/useChange";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { Problem } from "../ui/Problem";
import { BehaviourFields } from "./BehaviourFields";
import { type BotDraft, countCharacters, isComplete } from "./draft";
import { SpeechFields } from "./SpeechFields";
import { ToolList } from "./ToolList";
import { VariableList } from "./VariableList";
import "./bots.css";

interface BotFormProps {
  draft: BotDraft;
  submit: string;
  change: Change;
  problem: ApiError | null;
  /** What else can be done with the form, beside sending it. */
  also?: ReactNode;
  onDraft: (draft: BotDraft) => void;
}

export function BotForm(props: BotFormProps) {
  const { draft, submit, change, problem, also, onDraft } = props;
  const { bots: text } = useText();
  const fill = (part: Partial<BotDraft>) => onDraft({ ...draft, ...part });
  const part = { draft, problem, onChange: fill };
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form className="stack" onSubmit={send}>
      <Card size="2">
        <div className="stack">
          <NameAndPrompt {...part} />
          <SpeechFields {...part} />
        </div>
      </Card>
      <Card size="2">
        <div className="stack">
          <Heading as="h2" size="4">
            {text.behaviour}
          </Heading>
          <BehaviourFields {...part} />
          <VariableList {...part} />
        </div>
      </Card>
      <Card size="2">
        <ToolList {...part} />
      </Card>
      {problem && <Problem error={problem} />}
      <div className="row">
        <Button type="submit" size="3" loading={change.isPending} disabled={!isComplete(draft)}>
          {submit}
        </Button>
        {also}
      </div>
    </form>
  );
}

export interface BotFormPart {
  draft: BotDraft;
  problem: ApiError | null;
  onChange: (part: Partial<BotDraft>) => void;
}

function NameAndPrompt({ draft, problem, onChange }: BotFormPart) {
  const { fields } = useText().bots;
  const length = countCharacters(draft.prompt);
  const hint = fields.prompt.hint(length, BOT_PROMPT_LIMIT);
  return (
    <>
      <Field label={fields.name} error={problem?.about("name")}>
        {(control) => (
          <TextField.Root
            {...control}
            required
            autoComplete="off"
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={fields.prompt.label}
        hint={hint}
        error={length > BOT_PROMPT_LIMIT ? hint : problem?.about("system_prompt")}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={8}
            resize="vertical"
            value={draft.prompt}
            onChange={(event) => onChange({ prompt: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
