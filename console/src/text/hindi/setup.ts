import type { Texts } from "../useText";

export const setup: Texts["setup"] = {
  title: "सेटअप",
  more: "और दिखाएँ",
  actions: "कार्रवाई",
};
