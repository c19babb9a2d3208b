import { Button, TextArea, TextField } from "@radix-ui/themes";
import type { ApiError } from "../api/error";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { headersOf, isObject, type ToolDraft } from "./toolDraft";

interface ToolFieldsProps {
  tool: ToolDraft;
  /** Where it is in the request. */
  param: string;
  problem: ApiError | null;
  onChange: (part: Partial<ToolDraft>) => void;
  onRemove: () => void;
}

const LINES = [
  { name: "name", param: "name", type: "text", required: true },
  { name: "url", param: "url", type: "url", required: true },
  { name: "description", param: "description", type: "text", required: true },
  { name: "sayWhileWaiting", param: "say_while_waiting", type: "text", required: false },
  { name: "timeout", param: "timeout_s", type: "number", required: false },
] as const;
const TEXTS = [
  { name: "parameters", param: "parameters", isRight: isObject },
  { name: "headers", param: "headers", isRight: (lines: string) => headersOf(lines) !== null },
] as const;

export function ToolFields({ tool, param: where, problem, onChange, onRemove }: ToolFieldsProps) {
  const { tools: text } = useText().bots;
  return (
    <fieldset className="tool stack">
      <legend>{tool.name || text.unnamed}</legend>
      <div className="fields-two">
        {LINES.map(({ name, param, ...rule }) => (
          <Field key={name} {...text.fields[name]} error={problem?.about(`${where}.${param}`)}>
            {(control) => (
              <TextField.Root
                {...control}
                {...rule}
                step="any"
                autoComplete="off"
                value={tool[name]}
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <div className="fields-two">
        {TEXTS.map(({ name, param, isRight }) => (
          <Field
            key={name}
            label={text.fields[name].label}
            hint={text.fields[name].hint}
            error={
              isRight(tool[name]) ? problem?.about(`${where}.${param}`) : text.fields[name].wrong
            }
          >
            {(control) => (
              <TextArea
                {...control}
                rows={6}
                resize="vertical"
                spellCheck={false}
                className="code-area"
                value={tool[name]}
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <Button type="button" variant="soft" color="red" className="own-width" onClick={onRemove}>
        {text.remove}
      </Button>
    </fieldset>
  );
}
