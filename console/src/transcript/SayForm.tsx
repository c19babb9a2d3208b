import { PaperPlaneIcon } from "@radix-ui/react-icons";
import { Button, Text, TextField } from "@radix-ui/themes";
import { type FormEvent, useState } from "react";
import { useText } from "../text/useText";

export interface SayFormProps {
  /** Whether an agent is there to read it. */
  ready: boolean;
  /** Rejects where the words could not be sent. */
  onSay: (words: string) => Promise<void>;
}

/** Text in place of speech, for a machine without a microphone. */
export function SayForm({ ready, onSay }: SayFormProps) {
  const text = useText();
  const [written, setWritten] = useState("");
  const [failed, setFailed] = useState(false);
  const words = written.trim();
  const sendable = ready && words !== "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!sendable) return;
    setWritten("");
    setFailed(false);
    try {
      await onSay(words);
    } catch {
      setWritten(words);
      setFailed(true);
    }
  };

  return (
    <form className="say" onSubmit={submit}>
      <TextField.Root
        size="3"
        aria-label={text.turns.transcript.say}
        placeholder={text.turns.transcript.say}
        value={written}
        onChange={(event) => setWritten(event.target.value)}
      />
      <Button type="submit" size="3" variant="soft" disabled={!sendable}>
        <PaperPlaneIcon aria-hidden />
        {text.turns.transcript.send}
      </Button>
      {failed && (
        <Text as="p" size="1" color="red" role="alert">
          {text.turns.transcript.notSent}
        </Text>
      )}
    </form>
  );
}
