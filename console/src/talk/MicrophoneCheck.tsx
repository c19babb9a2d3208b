import { Button, Callout, Text } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { MicrophoneField } from "./MicrophoneField";
import "./microphone.css";
import { useMicrophoneCheck } from "./useMicrophoneCheck";

interface MicrophoneCheckProps {
  value: string;
  onChange: (microphoneId: string) => void;
}

/** Which microphone, and whether it hears. */
export function MicrophoneCheck({ value, onChange }: MicrophoneCheckProps) {
  const { microphone: text } = useText().talk;
  const { state, meter, toggle } = useMicrophoneCheck(value);
  const listening = state === "quiet" || state === "heard";
  const problems: Record<string, string | null> = text.problems;
  return (
    <div className="stack-tight">
      <MicrophoneField value={value} permission={state} onChange={onChange} />
      <div className="microphone-check">
        <span className="meter" ref={meter} data-on={listening} aria-hidden="true" />
        <Button type="button" variant="soft" color="gray" size="1" onClick={toggle}>
          {state === "off" ? text.check : text.stopCheck}
        </Button>
      </div>
      <div role="status">
        {listening && (
          <Text as="p" size="1" color={state === "heard" ? "green" : "gray"}>
            {state === "heard" ? text.heard : text.quiet}
          </Text>
        )}
        {!listening && problems[state] && (
          <Callout.Root color="amber" size="1">
            <Callout.Text>{problems[state]}</Callout.Text>
          </Callout.Root>
        )}
      </div>
    </div>
  );
}
