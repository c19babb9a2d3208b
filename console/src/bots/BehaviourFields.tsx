import { TextField } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { CheckField } from "../ui/CheckField";
import { Field } from "../ui/Field";
import type { BotFormPart } from "./BotForm";

const NUMBERS = [
  { name: "duration", param: "config.max_duration_seconds", min: 30, max: 3600, step: 1 },
  { name: "idlePrompt", param: "config.idle_prompt_s", min: 0, max: 600, step: "any" },
  { name: "minDelay", param: "config.min_endpointing_delay", min: 0.06, max: 5, step: "any" },
  { name: "maxDelay", param: "config.max_endpointing_delay", min: 0.06, max: 10, step: "any" },
] as const;

/** How long it waits and how long it talks: all of it seconds, all of it optional. */
export function BehaviourFields({ draft, problem, onChange }: BotFormPart) {
  const { fields } = useText().bots;
  return (
    <>
      <div className="fields-two">
        {NUMBERS.map(({ name, param, ...rule }) => (
          <Field key={name} {...fields[name]} error={problem?.about(param)}>
            {(control) => (
              <TextField.Root
                {...control}
                {...rule}
                type="number"
                value={draft[name]}
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <CheckField
        {...fields.endCall}
        checked={draft.endCall}
        onChange={(endCall) => onChange({ endCall })}
      />
    </>
  );
}
