import type { Texts } from "../useText";

export const app: Texts["app"] = {
  name: "Vaarta",
  titled: (page) => `${page} · Vaarta`,
  signOut: "साइन आउट",
  loading: "लोड हो रहा है",
  skip: "सीधे सामग्री पर जाएँ",
  pages: "पन्ने",
  dismiss: "हटाएँ",
  close: "बंद करें",
  language: "कंसोल की भाषा",
  appearance: { label: "रंग", light: "हल्का", dark: "गहरा", system: "सिस्टम जैसा" },
  missing: {
    title: "ऐसा कोई पन्ना नहीं है",
    body: "हो सकता है पता ग़लत लिखा गया हो या पन्ना कहीं और चला गया हो।",
    home: "एजेंट से बात करें",
  },
  crash: {
    title: "इस पन्ने ने काम करना बंद कर दिया है",
    body: "इसमें कुछ गड़बड़ हुई। आपके सेशन और ट्रांसक्रिप्ट सर्वर पर सुरक्षित हैं।",
    reload: "पन्ना फिर से लोड करें",
  },
  problem: {
    retryAfter: (seconds) => `${seconds} सेकंड बाद फिर कोशिश करें।`,
    again: "फिर कोशिश करें",
    request: "अनुरोध",
    own: {
      timeout: "API ने समय पर जवाब नहीं दिया।",
      bad_answer: "यह API का जवाब नहीं है।",
      unreachable: "API तक पहुँचा नहीं जा सका।",
      page_error: "यह ब्राउज़र बातचीत शुरू नहीं कर सका। पन्ना फिर से लोड करके कोशिश करें।",
    },
  },
  signIn: {
    title: "साइन इन",
    intro: "कंसोल आपकी ओर से API से बात करता है। की इसी टैब में रहती है और इसके साथ मिट जाती है।",
    credential: "API की या JWT",
    credentialHint: "cm_ या eyJ से शुरू होती है।",
    submit: "साइन इन करें",
    useLocalKey: "इस मशीन की डेवलपमेंट की इस्तेमाल करें",
  },
};
