import { TextField } from "@radix-ui/themes";
import { voicesFor } from "../api/catalog";
import { useCatalog } from "../api/useCatalog";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { type Choice, SelectField } from "../ui/SelectField";
import type { BotFormPart } from "./BotForm";

/** Language, voice, model, greeting: chosen, or left to the default. */
export function SpeechFields({ draft, problem, onChange }: BotFormPart) {
  const text = useText();
  const { fields } = text.bots;
  const genders: Record<string, string> = text.talk.form.genders;
  const { catalog } = useCatalog();
  const voices = catalog && (draft.language ? voicesFor(catalog, draft.language) : catalog.voices);
  const lists = [
    {
      name: "language",
      param: "config.language",
      choices: catalog?.languages.map(({ id, name }) => ({ id, label: name })),
    },
    {
      name: "voice",
      param: "config.voice",
      choices: voices?.map(({ id, gender }) => ({
        id,
        label: `${capitalised(id)} · ${genders[gender] ?? gender}`,
      })),
    },
    {
      name: "model",
      param: "config.llm_model",
      choices: catalog?.models.map(({ id, name, status }) => ({
        id,
        label: name,
        disabled: status !== "available",
      })),
    },
  ] as const;
  return (
    <>
      <div className="fields-two">
        {lists.map(({ name, param, choices }) => (
          <SelectField
            key={name}
            label={fields[name]}
            error={problem?.about(param)}
            value={draft[name]}
            choices={orDefault(fields.byDefault, draft[name], choices ?? [])}
            onChange={(id) => onChange({ [name]: id })}
          />
        ))}
      </div>
      <Field
        label={fields.greeting.label}
        hint={fields.greeting.hint}
        error={problem?.about("config.greeting")}
      >
        {(control) => (
          <TextField.Root
            {...control}
            autoComplete="off"
            value={draft.greeting}
            onChange={(event) => onChange({ greeting: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** The choices after the default; one that the bot has and the catalog has no more stays. */
function orDefault(byDefault: string, value: string, choices: readonly Choice[]): Choice[] {
  const isListed = value === "" || choices.some(({ id }) => id === value);
  return [
    { id: "", label: byDefault },
    ...(isListed ? [] : [{ id: value, label: value }]),
    ...choices,
  ];
}

function capitalised(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1);
}
