import type { Texts } from "../useText";

export const sessions: Texts["sessions"] = {
  title: "सेशन",
  lead: "इस टेनेंट की हर बातचीत, सबसे नई पहले।",
  empty: {
    title: "अभी कोई सेशन नहीं है",
    body: "सेशन बनते ही यहाँ दिखता है: चाहे बातचीत वाले पन्ने से बने या आपके अपने कोड से।",
    action: "एक शुरू करें",
  },
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
    created: "बना है",
    active: "जारी",
    completed: "पूरा हुआ",
    failed: "विफल",
    timeout: "समय समाप्त",
  },
  count: (shown, total) => `${total} में से ${shown} सेशन`,
  more: "और दिखाएँ",
};
