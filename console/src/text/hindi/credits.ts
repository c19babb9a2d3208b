import type { Texts } from "../useText";

export const credits: Texts["credits"] = {
  title: "क्रेडिट और उपयोग",
  lead: "एक क्रेडिट यानी एक रुपया। हर बारी का शुल्क, उसके सहेजे जाते ही, कैटलॉग के दाम पर कट जाता है।",
  services: { stt: "वाक् पहचान", llm: "भाषा मॉडल", tts: "आवाज़" },
  kinds: { grant: "मिले", charge: "कटे", adjustment: "समायोजन" },
  usage: {
    title: "उपयोग",
    span: "अवधि",
    days: (count) => `${count} दिन`,
    spent: "ख़र्च हुए क्रेडिट",
    sessions: "सेशन",
    turns: "बारियाँ",
    minutes: "बोलचाल के मिनट",
    byService: "सेवा के अनुसार ख़र्च",
    nothing: "इस दौरान कुछ ख़र्च नहीं हुआ।",
    heard: (minutes) => `${minutes} मिनट सुना`,
    spoken: (characters) => `${characters} अक्षर बोले`,
    tokens: (input, output) => `${input} इनपुट और ${output} आउटपुट टोकन`,
  },
  balance: {
    title: "बैलेंस",
    left: "बचे हुए क्रेडिट",
    nothingLeft: "कोई क्रेडिट नहीं बचा: और क्रेडिट मिलने तक नए सेशन शुरू नहीं होंगे।",
    movements: "क्रेडिट का लेन-देन",
  },
  empty: {
    title: "अभी कोई लेन-देन नहीं हुआ",
    body: "मिले और कटे क्रेडिट यहाँ दिखते हैं, सबसे नए पहले।",
  },
  columns: {
    at: "कब",
    kind: "प्रकार",
    model: "मॉडल",
    session: "सेशन",
    credits: "क्रेडिट",
  },
};
