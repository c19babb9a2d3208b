import type { Model } from "../api/catalog";
import type { ModelLatency } from "../api/latency";
import type { Verdict } from "../api/voiceModels";
import { type Texts, useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { Picker } from "../ui/Picker";
import { grouped, type PickerChoice } from "../ui/pickerGroups";

interface ModelPickerProps {
  models: readonly Model[];
  /** What was measured, by model; empty where nothing was, or where it may not be read. */
  latencies: ReadonlyMap<string, ModelLatency>;
  verdicts: ReadonlyMap<string, Verdict>;
  /** A stand-in answers in the place of them all, so that what was measured is not theirs. */
  isStandIn: boolean;
  value: string;
  error: string | null;
  onChange: (model: string) => void;
}

/** Every model by its maker, with its status and how fast it was here. */
export function ModelPicker(props: ModelPickerProps) {
  const { models, latencies, verdicts, isStandIn, value, error, onChange } = props;
  const text = useText();
  const { form } = text.talk;
  const measured = measuredOf(text, latencies.get(value)) ?? form.notMeasured;
  const choice = (model: Model): PickerChoice => {
    if (isStandIn) return standInChoice(text, model);
    return choiceOf(text, model, latencies.get(model.id), verdicts.get(model.id));
  };
  return (
    <Picker
      label={form.model}
      hint={isStandIn ? form.standIns.model : measured}
      error={error}
      groups={grouped(models, ({ owned_by }) => owned_by, choice)}
      value={value}
      onChoose={onChange}
    />
  );
}

function standInChoice(text: Texts, model: Model): PickerChoice {
  if (model.status !== "available") return choiceOf(text, model);
  return { id: model.id, label: model.name, detail: text.talk.form.standIns.choice };
}

function choiceOf(
  text: Texts,
  model: Model,
  latency?: ModelLatency,
  verdict?: Verdict,
): PickerChoice {
  const { id, name: label, status } = model;
  const { form } = text.talk;
  if (status !== "available") {
    return { id, label, disabled: true, detail: form.modelStatus[status] };
  }
  const judged = verdict && form.verdicts[verdict];
  const details = [form.modelStatus.available, judged, measuredOf(text, latency)];
  const disabled = verdict === "unsupported";
  return { id, label, disabled, detail: details.filter(Boolean).join(" · ") };
}

function measuredOf(text: Texts, latency: ModelLatency | undefined): string | null {
  if (latency === undefined) return null;
  const { firstTokenMs, firstAudioMs } = latency;
  return text.talk.form.measured(
    formatMilliseconds(firstTokenMs),
    formatMilliseconds(firstAudioMs),
  );
}
