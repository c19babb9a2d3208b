import { ExclamationTriangleIcon } from "@radix-ui/react-icons";
import { Callout, Code } from "@radix-ui/themes";
import type { ApiError } from "../api/error";
import { text } from "../text/text";

/** An error in the API's own words, with what a report of it needs. */
export function Problem({ error }: { error: ApiError }) {
  return (
    <Callout.Root color="red" role="alert" size="1">
      <Callout.Icon>
        <ExclamationTriangleIcon />
      </Callout.Icon>
      <Callout.Text>
        {error.message}
        {error.retryAfterSeconds !== null && ` ${text.problem.retryAfter(error.retryAfterSeconds)}`}
      </Callout.Text>
      <Callout.Text className="problem-detail">
        <Code variant="ghost">{error.code}</Code>
        {error.requestId !== null && <Code variant="ghost">{error.requestId}</Code>}
      </Callout.Text>
    </Callout.Root>
  );
}
