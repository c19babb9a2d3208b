import type { End, State } from "./conversation";

export type Language = "en" | "hi";

export interface Texts {
  label: string;
  start: string;
  again: string;
  mute: string;
  unmute: string;
  hangUp: string;
  sound: string;
  captions: string;
  speakers: { you: string; agent: string };
  /** The browser's own question is open. */
  asking: string;
  muted: string;
  states: Record<Exclude<State, "ended">, string>;
  ends: Record<End, string>;
}

const english: Texts = {
  label: "Voice call",
  start: "Start a call",
  again: "Call again",
  mute: "Mute",
  unmute: "Unmute",
  hangUp: "Hang up",
  sound: "Allow sound",
  captions: "Captions",
  speakers: { you: "You", agent: "Agent" },
  asking: "Allow this page to use your microphone.",
  muted: "you are muted",
  states: {
    idle: "",
    connecting: "Connecting…",
    listening: "Listening",
    thinking: "Thinking",
    speaking: "Speaking",
    reconnecting: "Reconnecting…",
  },
  ends: {
    hung_up: "You ended the call.",
    left: "The call has ended.",
    closed: "The call has ended.",
    lost: "The connection was lost. Call again to go on.",
    unanswered: "Nobody answered. Try again in a moment.",
    unreachable: "The call did not get through. Check your connection and try again.",
    not_allowed: "Calls are not allowed from here.",
    busy: "All lines are busy. Try again in a moment.",
    unavailable: "The call could not be started. Try again in a moment.",
    microphone_refused:
      "The microphone is blocked for this page. Allow it beside the address, then call again.",
    microphone_missing: "No microphone was found. Connect one, then call again.",
    microphone_busy: "Another program is using the microphone. Close it, then call again.",
    microphone_insecure: "Browsers give the microphone only to https pages.",
    microphone_unavailable: "The microphone could not be opened. Try again.",
  },
};

const hindi: Texts = {
  label: "वॉइस कॉल",
  start: "कॉल करें",
  again: "फिर से कॉल करें",
  mute: "म्यूट करें",
  unmute: "अनम्यूट करें",
  hangUp: "कॉल काटें",
  sound: "आवाज़ चालू करें",
  captions: "कैप्शन",
  speakers: { you: "आप", agent: "एजेंट" },
  asking: "इस पेज को माइक्रोफ़ोन इस्तेमाल करने दें।",
  muted: "आप म्यूट हैं",
  states: {
    idle: "",
    connecting: "कॉल जुड़ रही है…",
    listening: "सुन रहा है",
    thinking: "सोच रहा है",
    speaking: "बोल रहा है",
    reconnecting: "कॉल फिर से जुड़ रही है…",
  },
  ends: {
    hung_up: "आपने कॉल काट दी।",
    left: "कॉल समाप्त हो गई।",
    closed: "कॉल समाप्त हो गई।",
    lost: "कनेक्शन टूट गया। आगे बात करने के लिए फिर से कॉल करें।",
    unanswered: "किसी ने जवाब नहीं दिया। थोड़ी देर में फिर कोशिश करें।",
    unreachable: "कॉल नहीं लग सकी। अपना कनेक्शन देखें और फिर कोशिश करें।",
    not_allowed: "यहाँ से कॉल करने की अनुमति नहीं है।",
    busy: "सभी लाइनें व्यस्त हैं। थोड़ी देर में फिर कोशिश करें।",
    unavailable: "कॉल शुरू नहीं हो सकी। थोड़ी देर में फिर कोशिश करें।",
    microphone_refused: "इस पेज के लिए माइक्रोफ़ोन बंद है। पते के पास अनुमति दें, फिर कॉल करें।",
    microphone_missing: "कोई माइक्रोफ़ोन नहीं मिला। माइक्रोफ़ोन लगाएँ, फिर कॉल करें।",
    microphone_busy: "कोई दूसरा प्रोग्राम माइक्रोफ़ोन इस्तेमाल कर रहा है। उसे बंद करें, फिर कॉल करें।",
    microphone_insecure: "ब्राउज़र माइक्रोफ़ोन केवल https पेजों को देते हैं।",
    microphone_unavailable: "माइक्रोफ़ोन नहीं खुल सका। फिर कोशिश करें।",
  },
};

export const TEXTS: Record<Language, Texts> = { en: english, hi: hindi };

/** The language of the nearest `lang`, as `hi` or `hi-IN`; English where it is none of ours. */
export function languageOf(element: Element): Language {
  const named = element.closest("[lang]")?.getAttribute("lang") ?? "";
  return /^hi\b/i.test(named) ? "hi" : "en";
}
