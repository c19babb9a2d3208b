import { Button, Heading, TextArea, TextField } from "@radix-ui/themes";
import type { FormEvent } from "react";
import type { ApiError } from "../api/error";
import type { CatalogState } from "../api/useCatalog";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { MicrophoneIcon } from "../ui/MicrophoneIcon";
import { Problem } from "../ui/Problem";
import { CatalogFields } from "./CatalogFields";
import { type Draft, fitted, GREETING_LIMIT, lengthOf, PROMPT_LIMIT, withinLimits } from "./draft";
import { MicrophoneField } from "./MicrophoneField";

interface SessionFormProps {
  catalogState: CatalogState;
  draft: Draft;
  starting: boolean;
  problem: ApiError | null;
  onDraft: (draft: Draft) => void;
  onStart: (draft: Draft) => void;
}

export function SessionForm(props: SessionFormProps) {
  const text = useText();
  const { catalogState, starting, problem, onDraft, onStart } = props;
  const { catalog, loading } = catalogState;
  const draft = catalog === null ? props.draft : fitted(props.draft, catalog);
  const change = (part: Partial<Draft>) => onDraft({ ...draft, ...part });
  const errorFor = (param: string) => (problem?.param === param ? problem.message : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onStart(draft);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Heading as="h2" size="4">
        {text.talk.form.title}
      </Heading>
      <CatalogFields
        catalog={catalog}
        loading={loading}
        draft={draft}
        errorFor={errorFor}
        onChange={change}
      />
      <Field
        label={text.talk.form.prompt}
        hint={text.talk.form.promptHint(lengthOf(draft.systemPrompt), PROMPT_LIMIT)}
        error={errorFor("system_prompt")}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={5}
            resize="vertical"
            placeholder={text.talk.form.promptPlaceholder}
            value={draft.systemPrompt}
            onChange={(event) => change({ systemPrompt: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={text.talk.form.greeting}
        hint={text.talk.form.greetingHint(lengthOf(draft.greeting), GREETING_LIMIT)}
        error={errorFor("greeting")}
      >
        {(control) => (
          <TextField.Root
            {...control}
            value={draft.greeting}
            onChange={(event) => change({ greeting: event.target.value })}
          />
        )}
      </Field>
      <MicrophoneField
        value={draft.microphoneId}
        permission="unchanged"
        onChange={(microphoneId) => change({ microphoneId })}
      />
      {catalogState.problem !== null && <Problem error={catalogState.problem} />}
      {problem !== null && <Problem error={problem} />}
      <Button type="submit" size="3" loading={starting} disabled={loading || !withinLimits(draft)}>
        <MicrophoneIcon />
        {text.talk.form.start}
      </Button>
    </form>
  );
}
