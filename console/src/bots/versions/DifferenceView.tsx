import { Heading, Text } from "@radix-ui/themes";
import { useId } from "react";
import { useText } from "../../text/useText";
import { type DiffLine, differenceOf, type FieldChange, type Said } from "./difference";
import { fieldName } from "./fieldName";

/** Field by field, with the lines that came and went. */
export function DifferenceView({ before, after }: { before: Said; after: Said }) {
  const { versions: text } = useText().bots;
  const changes = differenceOf(before, after);
  if (changes.length === 0) {
    return (
      <Text as="p" size="2" role="status">
        {text.same}
      </Text>
    );
  }
  return changes.map((change) => <Changed key={change.field} {...change} />);
}

function Changed({ field, lines }: FieldChange) {
  const { bots: text } = useText();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Heading as="h3" size="2" id={id}>
        {fieldName(text, field)}
      </Heading>
      <div className="difference">
        {lines.map((line, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a difference never move
          <Line key={place} line={line} />
        ))}
      </div>
    </section>
  );
}

function Line({ line }: { line: DiffLine }) {
  const { versions: text } = useText().bots;
  switch (line.kind) {
    case "gap":
      return <div className="gap">{text.alike(line.count)}</div>;
    case "kept":
      return <div dir="auto">{line.text}</div>;
    case "removed":
      return (
        <del dir="auto">
          <span className="unseen">{text.removed} </span>
          {line.text}
        </del>
      );
    case "added":
      return (
        <ins dir="auto">
          <span className="unseen">{text.added} </span>
          {line.text}
        </ins>
      );
  }
}
