import { Cross2Icon, PlusIcon } from "@radix-ui/react-icons";
import { Button, IconButton, Text, TextField } from "@radix-ui/themes";
import { useText } from "../text/useText";
import type { BotFormPart } from "./BotForm";
import type { Variable } from "./draft";
import { lineId } from "./lineId";

/** What `{{names}}` in the prompt and the greeting stand for. */
export function VariableList({ draft, problem, onChange }: BotFormPart) {
  const { variables: text } = useText().bots;
  const wrong = problem?.about("config.variables");
  const set = (id: string, part: Partial<Variable>) =>
    onChange({
      variables: draft.variables.map((each) => (each.id === id ? { ...each, ...part } : each)),
    });
  const add = () =>
    onChange({ variables: [...draft.variables, { id: lineId(), name: "", value: "" }] });
  return (
    <fieldset className="checks stack-tight">
      <legend>{text.title}</legend>
      <Text as="p" size="1" color={wrong ? "red" : "gray"}>
        {wrong ?? text.hint}
      </Text>
      {draft.variables.map(({ id, name, value }) => (
        <div key={id} className="variable">
          <TextField.Root
            aria-label={text.name}
            placeholder={text.name}
            autoComplete="off"
            value={name}
            onChange={(event) => set(id, { name: event.target.value })}
          />
          <TextField.Root
            aria-label={`${text.value} ${name}`}
            placeholder={text.value}
            autoComplete="off"
            value={value}
            onChange={(event) => set(id, { value: event.target.value })}
          />
          <IconButton
            type="button"
            variant="ghost"
            color="gray"
            aria-label={`${text.remove} ${name}`}
            onClick={() => onChange({ variables: draft.variables.filter((one) => one.id !== id) })}
          >
            <Cross2Icon aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button type="button" variant="soft" className="own-width" onClick={add}>
        <PlusIcon aria-hidden /> {text.add}
      </Button>
    </fieldset>
  );
}
