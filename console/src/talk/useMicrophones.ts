import { useEffect, useState } from "react";

export interface MicrophoneChoice {
  id: string;
  /** Empty until the browser has let this page listen. */
  label: string;
}

/** The microphones plugged in. Read anew on plugging, and whenever `permission` changes. */
export function useMicrophones(permission: string): MicrophoneChoice[] {
  const [choices, setChoices] = useState<MicrophoneChoice[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: names appear once permission is given
  useEffect(() => {
    const devices = navigator.mediaDevices;
    if (devices === undefined) return;
    let current = true;
    const read = async () => {
      const found = await listMicrophones(devices);
      if (current) setChoices(found);
    };
    void read();
    devices.addEventListener("devicechange", read);
    return () => {
      current = false;
      devices.removeEventListener("devicechange", read);
    };
  }, [permission]);

  return choices;
}

async function listMicrophones(devices: MediaDevices): Promise<MicrophoneChoice[]> {
  const all = await devices.enumerateDevices().catch(() => []);
  return all
    .filter((device) => device.kind === "audioinput" && device.deviceId !== "")
    .map((device) => ({ id: device.deviceId, label: device.label }));
}
