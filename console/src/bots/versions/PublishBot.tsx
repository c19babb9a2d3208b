import { Button, Flex, Text } from "@radix-ui/themes";
import type { Bot } from "../../api/bots";
import { useChange } from "../../api/useChange";
import { publishBot } from "../../api/versions";
import { focusPage } from "../../lists/focusPage";
import { useText } from "../../text/useText";
import { useNotice } from "../../ui/Notices";
import { Problem } from "../../ui/Problem";

/** Which version serves, and a way to have the saved changes serve. */
export function PublishBot({ of: bot }: { of: Bot }) {
  const { bots: text } = useText();
  const tell = useNotice();
  const publish = useChange({
    send: (api) => publishBot(api, bot.id),
    stale: ["bots"],
    onDone: ({ number }) => tell(text.versions.published(number)),
    onFresh: focusPage,
  });
  return (
    <Flex className="serving" align="center" gap="3" wrap="wrap">
      <Text size="2" color="gray">
        {text.versions.serves(bot.version)}
        {bot.has_unpublished_changes && ` ${text.versions.waiting}`}
      </Text>
      {bot.has_unpublished_changes && (
        <Button size="1" loading={publish.isPending} onClick={() => publish.mutate()}>
          {text.versions.publish}
        </Button>
      )}
      {publish.error && <Problem error={publish.error} />}
    </Flex>
  );
}
