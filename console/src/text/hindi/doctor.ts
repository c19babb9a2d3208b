import type { Texts } from "../useText";

export const doctor: Texts["doctor"] = {
  title: "डॉक्टर",
  lead: "सेशन को जो चाहिए, उससे अभी-अभी पूछा गया: जवाब देता है या नहीं, कितनी जल्दी, और न दे तो क्या करें।",
  refresh: "फिर पूछें",
  checked: "पूछा गया:",
  notTold: "यह सर्वर अपनी निर्भरताओं का हाल नहीं बताता। जहाँ सर्वर चलता है, वहाँ `vaarta doctor` चलाएँ।",
  verdicts: {
    ok: "सेशन को जो भी चाहिए, सब जवाब दे रहा है।",
    missing: "सेशन को जो चाहिए, उसमें से कुछ जवाब नहीं दे रहा।",
    old: "सर्वर से फिर पूछा नहीं जा सका: यह उसका पिछला जवाब है।",
  },
  columns: {
    name: "निर्भरता",
    state: "स्थिति",
    version: "संस्करण",
    latency: "जवाब का समय",
    advice: "क्या करें",
  },
  states: { ok: "जवाब देता है", away: "जवाब नहीं देता", unknown: "पता नहीं" },
  names: {
    known: {
      postgres: "Postgres",
      livekit: "LiveKit",
      "sarvam rest": "Sarvam, अनुरोध",
      "sarvam sockets": "Sarvam, बोलचाल के सॉकेट",
    },
    model: (upstream) => `${upstream} के भाषा मॉडल`,
  },
  worker: {
    name: "वर्कर",
    advice:
      "LiveKit किसी को नहीं बताता कि कौन से वर्कर जुड़े हैं। एक सेशन शुरू करें: 15 सेकंड में एजेंट न आए तो कोई वर्कर नहीं है।",
  },
};
