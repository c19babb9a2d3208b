import { RoomAudioRenderer, RoomContext, StartAudio } from "@livekit/components-react";
import { Callout } from "@radix-ui/themes";
import { useEffect, useState } from "react";
import { useText } from "../text/useText";
import { AgentPresence } from "./AgentPresence";
import { CallControls } from "./CallControls";
import type { Call, CallView } from "./call";
import { MicrophoneField } from "./MicrophoneField";

interface LivePanelProps {
  call: Call;
  view: CallView;
}

/** The room's sound, on whatever page the person is. It joins the room once all listens to it. */
export function CallSound({ call }: { call: Call }) {
  useEffect(() => void call.start(), [call]);
  return (
    <RoomContext.Provider value={call.room}>
      <RoomAudioRenderer />
    </RoomContext.Provider>
  );
}

/** What the agent does, and the caller's controls. */
export default function LivePanel({ call, view }: LivePanelProps) {
  const text = useText();
  const { microphone } = view;
  const [microphoneId, setMicrophoneId] = useState(
    () => call.room.getActiveDevice("audioinput") ?? "",
  );
  const switchTo = (id: string) => {
    setMicrophoneId(id);
    void call.switchMicrophone(id === "" ? "default" : id);
  };
  const notice = text.talk.microphone.problems[microphone];
  return (
    <RoomContext.Provider value={call.room}>
      <div className="stack">
        <AgentPresence state={view.agentState} reconnecting={view.reconnecting} />
        <StartAudio className="start-audio" label={text.talk.call.allowSound} />
        <CallControls call={call} microphone={microphone} />
        {notice !== null && (
          <Callout.Root color="amber" size="1" role="status">
            <Callout.Text>{notice}</Callout.Text>
          </Callout.Root>
        )}
        <MicrophoneField value={microphoneId} permission={microphone} onChange={switchTo} />
      </div>
    </RoomContext.Provider>
  );
}
