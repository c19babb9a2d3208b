import type { Texts } from "../useText";

export const setup: Texts["setup"] = {
  title: "सेटअप",
};
