import { SpeakerLoudIcon, StopIcon } from "@radix-ui/react-icons";
import { Button, Text } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { Problem } from "../ui/Problem";
import { useListening } from "./useListening";

/** Lets a manager hear a session that is under way, unseen by both sides. */
export function ListenIn({ sessionId }: { sessionId: string }) {
  const { listen: text } = useText().session;
  const { heard, start, stop, unblock } = useListening(sessionId);
  return (
    <>
      {heard === null ? (
        <Button variant="soft" loading={start.isPending} onClick={() => start.mutate()}>
          <SpeakerLoudIcon aria-hidden />
          {text.action}
        </Button>
      ) : (
        <Button onClick={stop}>
          <StopIcon aria-hidden />
          {text.stop}
        </Button>
      )}
      {heard?.blocked && <Button onClick={unblock}>{text.blocked}</Button>}
      <Text as="p" size="2" role="status" className="listening">
        {heard && (heard.voices > 0 ? text.on : text.quiet)}
      </Text>
      {start.error && <Problem error={start.error} />}
    </>
  );
}
