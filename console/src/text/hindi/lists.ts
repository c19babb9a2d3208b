import type { Texts } from "../useText";

export const lists: Texts["lists"] = {
  more: "और दिखाएँ",
  actions: "कार्रवाई",
};
