import { ExclamationTriangleIcon } from "@radix-ui/react-icons";
import { Button, Callout, Code } from "@radix-ui/themes";
import type { ApiError } from "../api/error";
import { PART_MISSING } from "../app/part";
import { useSignOut } from "../signin/useSignOut";
import { useText } from "../text/useText";

interface ProblemProps {
  error: ApiError;
  /** Offered where trying again may help. */
  onRetry?: () => void;
}

/** An error in the API's own words, with what a report of it needs. */
export function Problem({ error, onRetry }: ProblemProps) {
  const { problem, crash } = useText().app;
  const own: Record<string, string> = problem.own;
  const isDenied = error.code === "permission_denied";
  const isMissing = error.code === PART_MISSING;
  const message = (error.status === 0 && own[error.code]) || error.message;
  return (
    <Callout.Root color={isDenied ? "gray" : "red"} highContrast={isDenied} role="alert" size="1">
      <Callout.Icon>
        <ExclamationTriangleIcon />
      </Callout.Icon>
      <Callout.Text>
        {message}
        {error.retryAfterSeconds !== null && ` ${problem.retryAfter(error.retryAfterSeconds)}`}
      </Callout.Text>
      <Callout.Text className="problem-detail">
        <Code variant="ghost">{error.code}</Code>
        {error.requestId !== null && (
          <Code variant="ghost">
            {problem.request} {error.requestId}
          </Code>
        )}
      </Callout.Text>
      {isDenied && <OtherSignIn />}
      {isMissing && (
        <Button size="1" className="own-width" onClick={() => location.reload()}>
          {crash.reload}
        </Button>
      )}
      {onRetry && !isDenied && !isMissing && (
        <Button variant="soft" color="red" size="1" className="own-width" onClick={onRetry}>
          {problem.again}
        </Button>
      )}
    </Callout.Root>
  );
}

/** Who may do it instead, and how to become them. */
function OtherSignIn() {
  const { problem } = useText().app;
  const signOut = useSignOut();
  return (
    <>
      <Callout.Text>{problem.permission.who}</Callout.Text>
      <Callout.Text>
        {problem.permission.how} <Code highContrast>vaarta token --tenant … --role admin</Code>
      </Callout.Text>
      <Button color="iris" size="1" className="own-width" onClick={() => signOut()}>
        {problem.permission.signIn}
      </Button>
    </>
  );
}
