import { Badge } from "@radix-ui/themes";
import type { Sentiment, Session } from "../api/sessions";
import { useText } from "../text/useText";

const COLOURS: Record<Sentiment, "green" | "gray" | "red"> = {
  positive: "green",
  neutral: "gray",
  negative: "red",
};

/** Whether an analysis found anything of it. */
export function isAnalysed({ disposition, sentiment, goal_met }: Session): boolean {
  return disposition !== undefined || sentiment !== undefined || goal_met !== undefined;
}

/** What came of a session, as its analysis found. */
export function Outcome({ session }: { session: Session }) {
  const { sessions: text } = useText();
  const { disposition, sentiment, goal_met: isMet } = session;
  return (
    <span className="session-outcome">
      {disposition !== undefined && <span dir="auto">{disposition}</span>}
      {sentiment !== undefined && (
        <Badge color={COLOURS[sentiment]} highContrast>
          {text.sentiments[sentiment]}
        </Badge>
      )}
      {isMet !== undefined && (
        <Badge color={isMet ? "green" : "red"} variant="outline" highContrast>
          {isMet ? text.goal.true : text.goal.false}
        </Badge>
      )}
    </span>
  );
}
