import type { Texts } from "../useText";

export const recording: Texts["recording"] = {
  title: "रिकॉर्डिंग",
  pending: "रिकॉर्डिंग आ रही है।",
  none: "यह सेशन रिकॉर्ड हुआ था, पर रिकॉर्डिंग यहाँ नहीं है: उसे मिटा दिया गया, उसे रखने की अवधि पूरी हो गई, या वह शुरू ही नहीं हुई।",
  broken: "यह ब्राउज़र Ogg में Opus नहीं चला सकता।",
  play: "चलाएँ",
  pause: "रोकें",
  place: "रिकॉर्डिंग में जगह",
  at: (at, whole) => `${whole} में से ${at}`,
  speed: "रफ़्तार",
  share: "इस पल का लिंक कॉपी करें",
  hear: (turn) => `${turn} सुनें`,
  callerSound: "कॉलर की ध्वनि",
  agentSound: "एजेंट की ध्वनि",
};
