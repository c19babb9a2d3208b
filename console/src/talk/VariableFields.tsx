import { Text, TextField } from "@radix-ui/themes";
import { useBotAt } from "../bots/versions/useBotAt";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import type { FormPart } from "./formPart";
import { wantedVariables } from "./variables";

/** A field for each `{{name}}` in prompt and greeting, also those of the bot. */
export function VariableFields({ draft, errorFor, onChange }: FormPart) {
  const { variables: text } = useText().talk.form;
  const { bot } = useBotAt(draft.botId, draft.botVersion);
  const wanted = wantedVariables(draft, bot);
  const refused = errorFor("variables");
  if (wanted.length === 0) return null;
  return (
    <fieldset className="variables">
      <legend>{text.title}</legend>
      {wanted.map(({ name, value }) => (
        <Field key={name} label={name} hint={value === null ? text.needed : text.own}>
          {(control) => (
            <TextField.Root
              {...control}
              required={value === null}
              placeholder={value ?? ""}
              autoComplete="off"
              value={draft.variables[name] ?? ""}
              onChange={(event) =>
                onChange({ variables: { ...draft.variables, [name]: event.target.value } })
              }
            />
          )}
        </Field>
      ))}
      {refused !== null && (
        <Text as="p" size="1" color="red">
          {refused}
        </Text>
      )}
    </fieldset>
  );
}
