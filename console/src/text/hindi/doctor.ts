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
  talk: {
    title: "प्रदाताओं से बात",
    lead: "एक सवाल बोला, सुना और जवाब दिया जाता है, और जवाब बोला जाता है। इसमें कुछ सेकंड और एक बारी जितना खर्च लगता है।",
    start: "एक बार बात करें",
    what: "क्या",
    found: "मिला",
    model: "मॉडल",
    heard: "सुना",
    answer: "जवाब",
    punctuation: "पूर्णविराम",
    stages: {
      recognition: "पहचान",
      firstToken: "पहला टोकन",
      voice: "आवाज़",
      total: "कुल, आख़िरी ध्वनि से",
    },
    habits: { sentences: "हर वाक्य के बाद", end: "सिर्फ़ अंत में", none: "कोई नहीं" },
  },
  standIn:
    "यहाँ यह प्रदाता नहीं, उसकी जगह एक स्थानापन्न जवाब देता है: न उनका मॉडल, न उनकी आवाज़। वह केवल अंग्रेज़ी पहचानता है।",
  worker: {
    name: "वर्कर",
    advice: "पिछले 15 सेकंड में कोई नहीं दिखा। एक शुरू करें: `vaarta worker`।",
    places: (workers) =>
      workers
        .map(
          ({ host, active, capacity, draining }) =>
            `${host}: ${capacity} में से ${active}${draining ? ", बंद हो रहा है" : ""}`,
        )
        .join("; "),
  },
};
