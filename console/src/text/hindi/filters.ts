import type { Texts } from "../useText";

export const filters: Texts["filters"] = {
  label: "फ़िल्टर",
  toggle: (count) => (count === 0 ? "फ़िल्टर" : `फ़िल्टर (${count})`),
  any: "कोई भी",
  clear: "फ़िल्टर हटाएँ",
  range: {
    label: "समय",
    any: "कभी भी",
    own: "कब से … कब तक",
    from: "कब से",
    to: "कब तक (वह क्षण छोड़कर)",
    spans: {
      "1h": "पिछला एक घंटा",
      "24h": "पिछले 24 घंटे",
      "7d": "पिछले 7 दिन",
      "30d": "पिछले 30 दिन",
    },
  },
  connection: {
    connecting: "जुड़ रहा है",
    live: "लाइव",
    waiting: "लाइव नहीं, फिर कोशिश हो रही है",
    over: "लाइव नहीं",
  },
};
