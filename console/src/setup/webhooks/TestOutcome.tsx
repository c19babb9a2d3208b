import { CheckCircledIcon, CrossCircledIcon } from "@radix-ui/react-icons";
import { Text } from "@radix-ui/themes";
import type { ApiError } from "../../api/error";
import type { TestResult } from "../../api/webhooks";
import { useText } from "../../text/useText";

interface TestOutcomeProps {
  result: TestResult | undefined;
  problem: ApiError | null;
}

/** What came of a test event, in words; its place is there before, so that it is heard too. */
export function TestOutcome({ result, problem }: TestOutcomeProps) {
  const { webhooks: text } = useText();
  const good = result?.success === true;
  return (
    <span role="status">
      {(result || problem) && (
        <Text size="1" color={good ? "green" : "red"} className="outcome">
          {good ? <CheckCircledIcon aria-hidden /> : <CrossCircledIcon aria-hidden />}
          {problem ? problem.message : result && text.test.result(result)}
        </Text>
      )}
    </span>
  );
}
