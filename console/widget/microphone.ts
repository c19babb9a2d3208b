import { microphoneProblem } from "../src/talk/microphoneProblem";
import { Failure } from "./failure";

/** Asks for the microphone, which is let go of when `over`, also where it is given later. */
export async function openMicrophone(over: AbortSignal): Promise<MediaStreamTrack> {
  if (!window.isSecureContext) throw new Failure("microphone_insecure");
  const [track] = (await asked()).getAudioTracks();
  if (track === undefined) throw new Failure("microphone_missing");
  if (over.aborted) track.stop();
  else over.addEventListener("abort", () => track.stop());
  return track;
}

async function asked(): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw new Failure(`microphone_${microphoneProblem(error)}`);
  }
}
