import { Text } from "@radix-ui/themes";
import type { ApiError } from "../api/error";
import { Problem } from "../ui/Problem";

/** A part that this credential may not see is no failure of the page; anything else is. */
export function Refusal({ error }: { error: ApiError }) {
  if (error.status !== 403) return <Problem error={error} />;
  return (
    <Text as="p" size="2" color="gray">
      {error.message}
    </Text>
  );
}
