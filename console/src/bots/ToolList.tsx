import { PlusIcon } from "@radix-ui/react-icons";
import { Button, Heading, Text } from "@radix-ui/themes";
import { useText } from "../text/useText";
import type { BotFormPart } from "./BotForm";
import { ToolFields } from "./ToolFields";
import { newTool } from "./toolDraft";

/** Functions of the tenant's own servers that the model may call. */
export function ToolList({ draft, problem, onChange }: BotFormPart) {
  const { tools: text } = useText().bots;
  return (
    <div className="stack">
      <div>
        <Heading as="h2" size="4">
          {text.title}
        </Heading>
        <Text as="p" size="2" color="gray">
          {text.lead}
        </Text>
      </div>
      {draft.tools.map((tool, index) => (
        <ToolFields
          key={tool.id}
          tool={tool}
          param={`config.tools.${index}`}
          problem={problem}
          onChange={(part) =>
            onChange({
              tools: draft.tools.map((each) => (each.id === tool.id ? { ...each, ...part } : each)),
            })
          }
          onRemove={() => onChange({ tools: draft.tools.filter((each) => each.id !== tool.id) })}
        />
      ))}
      <Button
        type="button"
        variant="soft"
        className="own-width"
        onClick={() => onChange({ tools: [...draft.tools, newTool()] })}
      >
        <PlusIcon aria-hidden /> {text.add}
      </Button>
    </div>
  );
}
