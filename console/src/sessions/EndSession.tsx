import { Button } from "@radix-ui/themes";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endSession } from "../api/sessions";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { Confirm } from "../ui/Confirm";
import { useNotice } from "../ui/Notices";

/** Ends a session, once it was asked whether that is meant. */
export function EndSession({ sessionId }: { sessionId: string }) {
  const { end: text } = useText().session;
  const [asking, setAsking] = useState(false);
  const api = useApi();
  const queries = useQueryClient();
  const tell = useNotice();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => endSession(api, sessionId),
    onSuccess: () => {
      setAsking(false);
      tell(text.done);
      return queries.invalidateQueries({ queryKey: ["sessions"] });
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
          pending={isPending}
          error={error}
          onConfirm={() => mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
