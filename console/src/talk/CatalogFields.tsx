import { TextField } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import type { Catalog } from "../api/catalog";
import { getModelLatencies } from "../api/latency";
import { useApi } from "../api/useApi";
import { getVerdicts } from "../api/voiceModels";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { SelectField } from "../ui/SelectField";
import type { FormPart } from "./formPart";
import { ModelPicker } from "./ModelPicker";
import { useStandIns } from "./useStandIns";
import { VoicePicker } from "./VoicePicker";

interface CatalogFieldsProps extends FormPart {
  catalog: Catalog | null;
  /** The catalog is on its way: until then each list offers what is chosen. */
  loading: boolean;
}

/** Language, voice and model: chosen from the catalog, typed where there is none. */
export function CatalogFields({ catalog, loading, ...part }: CatalogFieldsProps) {
  if (catalog === null && !loading) return <TypedFields {...part} />;
  return <ChosenFields catalog={catalog ?? NOTHING} {...part} />;
}

const NOTHING: Catalog = { languages: [], voices: [], models: [] };

function ChosenFields({ catalog, draft, errorFor, onChange }: FormPart & { catalog: Catalog }) {
  const { form: text } = useText().talk;
  const api = useApi();
  const latencies = useQuery({
    queryKey: ["usage", "models"],
    queryFn: ({ signal }) => getModelLatencies(api, signal),
  });
  const verdicts = useQuery({
    queryKey: ["voice-models"],
    queryFn: ({ signal }) => getVerdicts(api, signal),
  });
  const standIns = useStandIns();
  const languages = catalog.languages.map(({ id, name }) => ({ id, label: name }));
  return (
    <>
      <SelectField
        label={text.language}
        hint={standIns.speech ? text.standIns.speech : undefined}
        error={errorFor("language")}
        value={draft.language}
        choices={languages.length > 0 ? languages : [{ id: draft.language, label: draft.language }]}
        onChange={(language) => onChange({ language })}
      />
      <VoicePicker
        voices={catalog.voices}
        languageId={draft.language}
        value={draft.voice}
        error={errorFor("voice")}
        onChange={(voice) => onChange({ voice })}
      />
      <ModelPicker
        models={catalog.models}
        latencies={latencies.data ?? new Map()}
        verdicts={verdicts.data ?? new Map()}
        isStandIn={standIns.models}
        value={draft.model}
        error={errorFor("llm_model")}
        onChange={(model) => onChange({ model })}
      />
    </>
  );
}

function TypedFields({ draft, errorFor, onChange }: FormPart) {
  const { form: text } = useText().talk;
  const fields = [
    { key: "language", param: "language" },
    { key: "voice", param: "voice" },
    { key: "model", param: "llm_model" },
  ] as const;
  return fields.map(({ key, param }) => (
    <Field key={key} label={text[key]} error={errorFor(param)}>
      {(control) => (
        <TextField.Root
          {...control}
          required
          value={draft[key]}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  ));
}
