import { BarVisualizer, useLocalParticipant } from "@livekit/components-react";
import { Cross2Icon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { Track } from "livekit-client";
import { useText } from "../text/useText";
import type { Call, Microphone } from "./call";

interface CallControlsProps {
  call: Call;
  microphone: Microphone;
}

export function CallControls({ call, microphone }: CallControlsProps) {
  const text = useText();
  const on = microphone === "on";
  return (
    <div className="controls">
      <Button
        size="3"
        variant="surface"
        color={microphone === "muted" ? "amber" : "gray"}
        highContrast
        disabled={microphone === "asking"}
        onClick={() => void call.setMicrophone(!on)}
      >
        <MicrophoneLevel />
        {on || microphone === "asking" ? text.talk.call.mute : text.talk.call.unmute}
      </Button>
      <Button size="3" color="red" onClick={() => void call.hangUp()}>
        <Cross2Icon aria-hidden />
        {text.talk.call.hangUp}
      </Button>
    </div>
  );
}

function MicrophoneLevel() {
  const { localParticipant, microphoneTrack } = useLocalParticipant();
  const trackRef = microphoneTrack && {
    participant: localParticipant,
    source: Track.Source.Microphone,
    publication: microphoneTrack,
  };
  return (
    <BarVisualizer
      aria-hidden
      className="level"
      trackRef={trackRef}
      barCount={3}
      options={{ minHeight: 15 }}
    />
  );
}
