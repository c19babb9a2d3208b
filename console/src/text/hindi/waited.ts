import type { Texts } from "../useText";

export const waited: Texts["waited"] = {
  title: "कॉलर ने किस चीज़ का इंतज़ार किया",
  meaning:
    "सबसे धीमे जवाब: कॉलर की आख़िरी आवाज़ से एजेंट की पहली आवाज़ तक। जहाँ कई काम साथ चल रहे थे, वहाँ उसका नाम है जिसे सबसे पहले पूरा होना था।",
  waited: (wait) => `कॉलर ने ${wait} इंतज़ार किया:`,
  causes: {
    end_of_turn: (took) => `${took} यह तय होने में कि उनकी बात पूरी हो गई`,
    recognition: (took) => `${took} और, उनके शब्द पहचानने में`,
    model: (took) => `${took} मॉडल के पहले शब्द में`,
    tools: (took, names) => `${took} टूल में (${names})`,
    sentence: (took) => `${took} बोलने लायक वाक्य बनने में`,
    voice: (took) => `${took} आवाज़ की पहली ध्वनि में`,
    rest: (took) => `${took} जिनकी वजह किसी आँकड़े में नहीं`,
  },
};
