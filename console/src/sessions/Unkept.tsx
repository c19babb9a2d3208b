import { Text } from "@radix-ui/themes";
import type { Session } from "../api/sessions";
import { useText } from "../text/useText";
import { Moment } from "../ui/Moment";

/** Why a session that was talked in has no words. */
export function Unkept({ session }: { session: Session }) {
  const { transcript: text } = useText().session;
  const { erased_at: erasedAt, config } = session;
  if (erasedAt === undefined && config.store_transcript !== false) return null;
  return (
    <Text as="p" size="2" color="gray">
      {erasedAt === undefined ? text.unkept : text.erased}{" "}
      {erasedAt !== undefined && <Moment at={erasedAt} />}
    </Text>
  );
}
