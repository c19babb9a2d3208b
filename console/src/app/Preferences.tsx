import { GlobeIcon, Half2Icon } from "@radix-ui/react-icons";
import type { ReactNode } from "react";
import { LANGUAGES, language } from "../text/language";
import { useText } from "../text/useText";
import { type Remembered, useRemembered } from "../ui/remembered";
import { APPEARANCES, appearance } from "./appearance";

/** How the console speaks and looks, in this browser. */
export function Preferences() {
  const { app } = useText();
  return (
    <>
      <Preference
        label={app.language}
        of={language}
        icon={<GlobeIcon aria-hidden />}
        choices={LANGUAGES}
      />
      <Preference
        label={app.appearance.label}
        of={appearance}
        icon={<Half2Icon aria-hidden />}
        choices={APPEARANCES.map((id) => ({ id, name: app.appearance[id] }))}
      />
    </>
  );
}

interface PreferenceProps<Choice extends string> {
  label: string;
  of: Remembered<Choice>;
  icon: ReactNode;
  choices: readonly { id: Choice; name: string }[];
}

function Preference<Choice extends string>(props: PreferenceProps<Choice>) {
  const { label, of, icon, choices } = props;
  const chosen = useRemembered(of);
  const choose = (id: string) => {
    const choice = choices.find((each) => each.id === id);
    if (choice) of.choose(choice.id);
  };
  return (
    <span className="preference">
      {icon}
      <select
        aria-label={label}
        title={label}
        value={chosen}
        onChange={(event) => choose(event.target.value)}
      >
        {choices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
