import { Button } from "@radix-ui/themes";
import { useState } from "react";
import { endSession } from "../api/sessions";
import { useChange } from "../api/useChange";
import { useText } from "../text/useText";
import { Confirm } from "../ui/Confirm";
import { useNotice } from "../ui/Notices";

/** Ends a session, once it was asked whether that is meant. */
export function EndSession({ sessionId }: { sessionId: string }) {
  const { end: text } = useText().session;
  const [asking, setAsking] = useState(false);
  const tell = useNotice();
  const end = useChange({
    send: (api) => endSession(api, sessionId),
    stale: ["sessions"],
    onDone: () => {
      setAsking(false);
      tell(text.done);
    },
  });
  return (
    <>
      <Button variant="soft" color="red" onClick={() => setAsking(true)}>
        {text.action}
      </Button>
      {asking && (
        <Confirm
          title={text.title}
          body={text.body}
          action={text.confirm}
          change={end}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
