import type { Texts } from "../useText";

export const sessions: Texts["sessions"] = {
  title: "सेशन",
  lead: "इस टेनेंट की हर बातचीत, सबसे नई पहले।",
  empty: {
    title: "अभी कोई सेशन नहीं है",
    body: "सेशन बनते ही यहाँ दिखता है: चाहे वह “बातचीत” पेज से बने या आपके अपने कोड से।",
    action: "सेशन शुरू करें",
  },
  noMatch: {
    title: "ऐसा कोई सेशन नहीं मिला",
    body: "इन सभी फ़िल्टरों से कुछ मेल नहीं खाता। कोई फ़िल्टर हटाएँ या और पीछे का समय देखें।",
  },
  search: "ट्रांसक्रिप्ट में खोजें",
  searchHint: "वे बारियाँ मिलती हैं जिनमें ये सभी शब्द हों; आख़िरी शब्द अधूरा भी हो सकता है।",
  columns: {
    created: "कब बना",
    status: "स्थिति",
    language: "भाषा",
    voice: "आवाज़",
    model: "मॉडल",
    turns: "बारियाँ",
    duration: "अवधि",
  },
  statuses: {
    created: "बन गया",
    active: "जारी",
    completed: "पूरा हुआ",
    failed: "विफल",
    timeout: "समय समाप्त",
  },
  count: (total, figure) => `${figure}${total === 10_000 ? " या ज़्यादा" : ""} सेशन`,
  turnCount: (count) => (count === 1 ? "1 बारी" : `${count} बारियाँ`),
};
