import { TextField } from "@radix-ui/themes";
import { useState } from "react";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { type Choice, SelectField } from "../ui/SelectField";
import { ANY_TIME, fromLocal, isSame, type Range, SPANS, toLocal } from "./range";

interface RangeFieldProps {
  range: Range;
  /** Whether there may be no bounds at all. */
  open: boolean;
  onChange: (range: Range) => void;
}

/** One of the usual spans, or two moments of one's own. */
export function RangeField({ range, open, onChange }: RangeFieldProps) {
  const { filters: text } = useText();
  const [asked, setAsked] = useState(false);
  const fixed = !("span" in range) && (asked || !open || !isSame(range, ANY_TIME));
  const value = "span" in range ? range.span : fixed ? "own" : "any";
  const choices: Choice[] = [
    ...(open ? [{ id: "any", label: text.range.any }] : []),
    ...SPANS.map((span) => ({ id: span, label: text.range.spans[span] })),
    { id: "own", label: text.range.own },
  ];
  const choose = (id: string) => {
    const span = SPANS.find((each) => each === id);
    setAsked(id === "own");
    onChange(span ? { span } : ANY_TIME);
  };
  return (
    <>
      <SelectField label={text.range.label} value={value} choices={choices} onChange={choose} />
      {fixed && <Ends range={range} onChange={onChange} />}
    </>
  );
}

type Ends = Exclude<Range, { span: unknown }>;

function Ends({ range, onChange }: { range: Ends; onChange: (range: Range) => void }) {
  const { filters: text } = useText();
  return (["from", "to"] as const).map((end) => (
    <Field key={end} label={text.range[end]}>
      {(control) => (
        <TextField.Root
          {...control}
          type="datetime-local"
          value={toLocal(range[end])}
          min={end === "to" ? toLocal(range.from) : undefined}
          max={end === "from" ? toLocal(range.to) : undefined}
          onChange={(event) => onChange({ ...range, [end]: fromLocal(event.target.value) })}
        />
      )}
    </Field>
  ));
}
