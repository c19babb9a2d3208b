import { ChevronDownIcon, MagnifyingGlassIcon } from "@radix-ui/react-icons";
import { Button, Text, TextField } from "@radix-ui/themes";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useText } from "../text/useText";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import "./picker.css";
import { matching, type PickerChoice, type PickerGroup } from "./pickerGroups";

interface PickerProps {
  label: string;
  hint?: string;
  error?: string | null;
  groups: readonly PickerGroup[];
  value: string;
  onChoose: (id: string) => void;
  /** What else can be done with a choice, beside it. */
  aside?: (choice: PickerChoice) => ReactNode;
}

/**
 * A choice among many: the field shows what is chosen, a dialog lists the rest, grouped and to be
 * searched. It stays open, so that choices can be compared, until the person is done.
 */
export function Picker({ label, hint, error, ...choosing }: PickerProps) {
  const [open, setOpen] = useState(false);
  const chosen = choosing.groups
    .flatMap(({ choices }) => choices)
    .find(({ id }) => id === choosing.value);
  const shown = chosen?.label ?? choosing.value;
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <>
          <button
            {...control}
            type="button"
            className="picker"
            aria-haspopup="dialog"
            aria-label={`${label}: ${shown}`}
            onClick={() => setOpen(true)}
          >
            <span>{shown}</span>
            <ChevronDownIcon aria-hidden />
          </button>
          {open && (
            <Dialog title={label} onClose={() => setOpen(false)}>
              <Choosing {...choosing} onDone={() => setOpen(false)} />
            </Dialog>
          )}
        </>
      )}
    </Field>
  );
}

interface ChoosingProps extends Omit<PickerProps, "label" | "hint" | "error"> {
  onDone: () => void;
}

function Choosing({ groups, value, onChoose, aside, onDone }: ChoosingProps) {
  const { picker: text } = useText().app;
  const [sought, setSought] = useState("");
  const found = matching(groups, sought);
  // Enter would otherwise send the form that the picker stands in.
  const doneOnEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    onDone();
  };
  return (
    <div className="picker-body">
      <TextField.Root
        type="search"
        size="3"
        aria-label={text.search}
        placeholder={text.search}
        value={sought}
        onChange={(event) => setSought(event.target.value)}
        onKeyDown={doneOnEnter}
      >
        <TextField.Slot>
          <MagnifyingGlassIcon aria-hidden />
        </TextField.Slot>
      </TextField.Root>
      <div className="picker-groups">
        {found.map(({ name, choices }) => (
          <fieldset key={name} className="picker-group">
            <legend>{name}</legend>
            {choices.map((choice) => (
              <Option
                key={choice.id}
                choice={choice}
                chosen={choice.id === value}
                onChoose={onChoose}
                onKeyDown={doneOnEnter}
              >
                {aside?.(choice)}
              </Option>
            ))}
          </fieldset>
        ))}
        <Text as="p" size="2" color="gray" role="status">
          {found.length === 0 && text.nothing}
        </Text>
      </div>
      <Button type="button" size="3" onClick={onDone}>
        {text.done}
      </Button>
    </div>
  );
}

interface OptionProps {
  choice: PickerChoice;
  chosen: boolean;
  onChoose: (id: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  children: ReactNode;
}

function Option({ choice, chosen, onChoose, onKeyDown, children }: OptionProps) {
  return (
    <div className="option" data-chosen={chosen} data-disabled={choice.disabled}>
      <label>
        <input
          type="radio"
          name="picker"
          checked={chosen}
          disabled={choice.disabled}
          onChange={() => onChoose(choice.id)}
          onKeyDown={onKeyDown}
        />
        <span className="option-label">{choice.label}</span>
        {choice.detail && <span className="option-detail">{choice.detail}</span>}
      </label>
      {children}
    </div>
  );
}
