import { TextField } from "@radix-ui/themes";
import { type Catalog, type Model, type Voice, voicesFor } from "../api/catalog";
import { type Texts, useText } from "../text/useText";
import { Field } from "../ui/Field";
import { type Choice, SelectField } from "../ui/SelectField";
import type { Draft } from "./draft";

interface CatalogFieldsProps {
  catalog: Catalog | null;
  /** The catalog is on its way: until then each list offers what is chosen. */
  loading: boolean;
  draft: Draft;
  /** What the API said about a field, under the name that it has in the request. */
  errorFor: (param: string) => string | null;
  onChange: (part: Partial<Draft>) => void;
}

/** Language, voice and model: chosen from the catalog, typed where there is none. */
export function CatalogFields(props: CatalogFieldsProps) {
  const text = useText();
  const { catalog, loading, draft, errorFor, onChange } = props;
  const fields = [
    {
      label: text.talk.form.language,
      value: draft.language,
      choices: catalog?.languages.map(({ id, name }) => ({ id, label: name })),
      error: errorFor("language"),
      set: (language: string) => onChange({ language }),
    },
    {
      label: text.talk.form.voice,
      value: draft.voice,
      choices: catalog && voicesFor(catalog, draft.language).map(voiceChoice),
      error: errorFor("voice"),
      set: (voice: string) => onChange({ voice }),
    },
    {
      label: text.talk.form.model,
      value: draft.model,
      choices: catalog?.models.map((model) => modelChoice(text, model)),
      error: errorFor("llm_model"),
      set: (model: string) => onChange({ model }),
    },
  ];
  return fields.map(({ choices, set, ...field }) => {
    const offered = choices ?? (loading ? [{ id: field.value, label: field.value }] : null);
    return offered ? (
      <SelectField key={field.label} {...field} choices={offered} onChange={set} />
    ) : (
      <TypedField key={field.label} {...field} onChange={set} />
    );
  });
}

interface TypedFieldProps {
  label: string;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

function TypedField({ label, value, error, onChange }: TypedFieldProps) {
  return (
    <Field label={label} error={error}>
      {(control) => (
        <TextField.Root
          {...control}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function voiceChoice({ id, gender }: Voice): Choice {
  const name = id.charAt(0).toUpperCase() + id.slice(1);
  return { id, label: gender ? `${name} · ${gender}` : name };
}

function modelChoice(text: Texts, { id, name, status }: Model): Choice {
  if (status === "available") return { id, label: name };
  return { id, label: `${name} · ${text.talk.form.modelStatus[status]}`, disabled: true };
}
