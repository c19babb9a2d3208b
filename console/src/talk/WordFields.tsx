import { Button, Text, TextArea, TextField } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { GREETING_LIMIT, lengthOf, PROMPT_LIMIT } from "./draft";
import type { FormPart } from "./formPart";

/** Who the agent is, and how it begins. */
export function WordFields({ draft, errorFor, onChange }: FormPart) {
  const { form: text } = useText().talk;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that fill another field are no fieldset */}
      <div className="row" role="group" aria-labelledby="examples">
        <Text size="2" color="gray" id="examples">
          {text.examples}
        </Text>
        {text.exampleAgents.map(({ name, prompt, greeting }) => (
          <Button
            key={name}
            type="button"
            size="1"
            variant="soft"
            color="gray"
            onClick={() => onChange({ systemPrompt: prompt, greeting })}
          >
            {name}
          </Button>
        ))}
      </div>
      <Field
        label={text.prompt}
        hint={
          draft.botId !== "" && draft.systemPrompt === ""
            ? text.bot.promptHint
            : text.promptHint(lengthOf(draft.systemPrompt), PROMPT_LIMIT)
        }
        error={errorFor("system_prompt")}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={6}
            resize="vertical"
            placeholder={text.promptPlaceholder}
            value={draft.systemPrompt}
            onChange={(event) => onChange({ systemPrompt: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={text.greeting}
        hint={text.greetingHint(lengthOf(draft.greeting), GREETING_LIMIT)}
        error={errorFor("greeting")}
      >
        {(control) => (
          <TextField.Root
            {...control}
            value={draft.greeting}
            onChange={(event) => onChange({ greeting: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
