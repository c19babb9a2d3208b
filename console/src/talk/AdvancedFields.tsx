import { TextField } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { type Draft, DURATION_S, MAX_DELAY_S, MIN_DELAY_S } from "./draft";
import type { FormPart } from "./formPart";

type NumberKey = "durationS" | "minDelayS" | "maxDelayS";

const NUMBERS: readonly { key: NumberKey; param: string; range: typeof DURATION_S }[] = [
  { key: "durationS", param: "max_duration_seconds", range: DURATION_S },
  { key: "minDelayS", param: "min_endpointing_delay", range: MIN_DELAY_S },
  { key: "maxDelayS", param: "max_endpointing_delay", range: MAX_DELAY_S },
];

/** What few need to change; open where one of it was refused. */
export function AdvancedFields({ draft, errorFor, onChange }: FormPart) {
  const { form: text } = useText().talk;
  const refused = NUMBERS.some(({ param }) => errorFor(param) !== null);
  return (
    <details className="advanced" open={refused || undefined}>
      <summary>{text.advanced}</summary>
      <div className="advanced-fields">
        {NUMBERS.map(({ key, param, range }) => (
          <Field
            key={key}
            label={text.numbers[key].label}
            hint={text.numbers[key].hint}
            error={errorFor(param)}
          >
            {(control) => (
              <TextField.Root
                {...control}
                type="number"
                inputMode="decimal"
                min={range.min}
                max={range.max}
                step={range.step}
                placeholder={String(range.first)}
                value={draft[key]}
                onChange={(event) => onChange({ [key]: event.target.value } as Partial<Draft>)}
              />
            )}
          </Field>
        ))}
      </div>
    </details>
  );
}
