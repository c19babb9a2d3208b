import { DownloadIcon } from "@radix-ui/react-icons";
import { Button, Text } from "@radix-ui/themes";
import { useState } from "react";
import type { ApiClient } from "../api/client";
import { ApiError } from "../api/error";
import { getTranscriptFile, type TranscriptFormat } from "../api/sessions";
import { useText } from "../text/useText";
import { Problem } from "../ui/Problem";
import { saveFile } from "../ui/saveFile";

const FORMATS: readonly TranscriptFormat[] = ["json", "txt", "srt"];

/** Fetched with the credential in a header and saved from memory: no link carries it. */
export function Downloads({ api, sessionId }: { api: ApiClient; sessionId: string }) {
  const text = useText();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const download = async (format: TranscriptFormat) => {
    setProblem(null);
    try {
      saveFile(
        await getTranscriptFile(api, sessionId, format),
        `transcript-${sessionId}.${format}`,
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error);
    }
  };
  return (
    <div className="stack-tight">
      <Text as="p" size="2" weight="medium" id="downloads">
        {text.turns.transcript.download}
      </Text>
      {/* biome-ignore lint/a11y/useSemanticElements: three buttons are no form, so no fieldset */}
      <div className="row" role="group" aria-labelledby="downloads">
        {FORMATS.map((format) => (
          <Button key={format} variant="soft" color="gray" onClick={() => void download(format)}>
            <DownloadIcon aria-hidden />
            {format.toUpperCase()}
          </Button>
        ))}
      </div>
      {problem !== null && <Problem error={problem} />}
    </div>
  );
}
