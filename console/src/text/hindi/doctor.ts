import type { Texts } from "../useText";

export const doctor: Texts["doctor"] = {
  title: "डॉक्टर",
  lead: "सेशन को जिनकी ज़रूरत है, वे सब: जवाब देते हैं या नहीं, कितनी जल्दी, और न दें तो क्या करें।",
  refresh: "फिर जाँचें",
  checked: "जाँच का समय:",
  notTold: "यह सर्वर अपनी निर्भरताओं का हाल नहीं बताता। जहाँ सर्वर चलता है, वहाँ `vaarta doctor` चलाएँ।",
  verdicts: {
    ok: "सेशन को जिनकी ज़रूरत है, वे सब जवाब दे रहे हैं।",
    missing: "सेशन को जिनकी ज़रूरत है, उनमें से कोई जवाब नहीं दे रहा।",
    old: "सर्वर तक फिर पहुँचा नहीं जा सका: यह उसका पिछला जवाब है।",
  },
  columns: {
    name: "निर्भरता",
    state: "स्थिति",
    version: "संस्करण",
    latency: "जवाब का समय",
    advice: "क्या करें",
  },
  states: {
    ok: "जवाब देता है",
    standIn: "डमी सेवा जवाब देती है",
    away: "जवाब नहीं देता",
    unknown: "पता नहीं",
  },
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
    lead: "एक सवाल बोलकर पूछा जाता है और जवाब बोलकर दिया जाता है। इसमें कुछ सेकंड लगते हैं और ख़र्च एक बारी जितना आता है।",
    start: "एक बार बात करके देखें",
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
    "यहाँ असली प्रदाता की जगह एक डमी सेवा जवाब देती है: न उनका मॉडल, न उनकी आवाज़। इस मशीन पर यह केवल अंग्रेज़ी पहचानती है।",
  worker: {
    name: "वर्कर",
    advice: "पिछले 15 सेकंड में कोई वर्कर नहीं दिखा। इससे शुरू करें: `vaarta worker`।",
    places: (workers) =>
      workers
        .map(
          ({ host, active, capacity, draining }) =>
            `${host}: ${capacity} में से ${active}${draining ? ", बंद हो रहा है" : ""}`,
        )
        .join("; "),
  },
};
