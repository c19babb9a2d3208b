import { ArchiveIcon } from "@radix-ui/react-icons";
import { Button, Text } from "@radix-ui/themes";
import { useMutation } from "@tanstack/react-query";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { Problem } from "../ui/Problem";
import { saveFile } from "../ui/saveFile";
import { pack } from "./pack";

interface DownloadAllProps {
  sessionId: string;
  /** `null` where there is none, or it could not be fetched. */
  sound: Blob | null;
}

/** The whole session as one file, to be taken along or sent to somebody. */
export function DownloadAll({ sessionId, sound }: DownloadAllProps) {
  const { all: text } = useText().session;
  const api = useApi();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => pack(api, sessionId, sound),
    onSuccess: (file) => saveFile(file, `session-${sessionId}.zip`),
  });
  return (
    <div className="stack-tight">
      <div className="row">
        <Button variant="soft" loading={isPending} onClick={() => mutate()}>
          <ArchiveIcon aria-hidden />
          {text.action}
        </Button>
        <Text size="1" color="gray">
          {sound ? text.withSound : text.withoutSound}
        </Text>
      </div>
      {error && <Problem error={error} />}
    </div>
  );
}
