import { Callout } from "@radix-ui/themes";
import { Link } from "wouter";
import { useText } from "../text/useText";
import { Problem } from "../ui/Problem";
import { useChosenBot } from "./useChosenBot";

/** Whom the conversation begins with, where the address names a bot. */
export function BotNote() {
  const { bot: text } = useText().talk.form;
  const { bot, version, problem } = useChosenBot();
  if (problem) return <Problem error={problem} />;
  if (!bot) return null;
  return (
    <Callout.Root size="1" highContrast>
      <Callout.Text>
        {text.with(bot.name)} {version !== null && text.version(version)}{" "}
        <Link href="/">{text.without}</Link>
      </Callout.Text>
    </Callout.Root>
  );
}
