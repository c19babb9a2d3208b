import { Text } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { Problem } from "../ui/Problem";
import { PlayerBar } from "./PlayerBar";
import type { useRecording } from "./useRecording";

interface RecordingProps {
  recording: ReturnType<typeof useRecording>;
  lengthMs: number;
  onShare: (atMs: number) => void;
}

/** The player of a session that was recorded, or why there is none. */
export function Recording({ recording, lengthMs, onShare }: RecordingProps) {
  const { recording: text } = useText();
  const { player, error, isPending, again } = recording;
  if (player) return <PlayerBar player={player} lengthMs={lengthMs} onShare={onShare} />;
  if (error && error.status !== 404) return <Problem error={error} onRetry={again} />;
  return (
    <Text as="p" size="2" color="gray" role="status">
      {isPending && text.pending}
      {error && text.none}
    </Text>
  );
}
