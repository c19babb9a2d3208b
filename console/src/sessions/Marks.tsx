import type { CSSProperties } from "react";
import { useText } from "../text/useText";
import { type Axis, overlaps } from "../turns/axis";
import type { Mark, MarkLane } from "../turns/marks";
import type { Span } from "../turns/placing";
import { formatMilliseconds } from "../ui/duration";
import { useFaultName } from "./useFaultName";

/** So short a thing is still seen. */
const LEAST_PX = 6;

interface MarksProps {
  marks: readonly Mark[];
  /** Those that have any mark, in their order. */
  lanes: readonly MarkLane[];
  axis: Axis;
  drawn: Span;
}

/** Tool calls and faults on the time axis, below the stages. */
export function Marks({ marks, lanes, axis, drawn }: MarksProps) {
  const { record: text } = useText();
  const faultName = useFaultName();
  const nameOf = (mark: Mark) => {
    if (mark.lane === "faults") return faultName(mark.fault);
    const { name, outcome, duration_ms: tookMs } = mark.call;
    const came = outcome === null ? text.cutOff : text.outcomes[outcome];
    return `${text.tool(name || text.noSuchTool)}, ${came}, ${formatMilliseconds(tookMs)}`;
  };
  return lanes.map((lane, place) => (
    <div
      key={lane}
      className="marks"
      data-lane={lane}
      style={{ "--place": place } as CSSProperties}
    >
      {marks
        .filter((mark) => mark.lane === lane && overlaps(mark, drawn))
        .map((mark) => (
          <span
            key={mark.id}
            role="img"
            data-failed={mark.lane === "tools" && mark.call.outcome !== "succeeded"}
            aria-label={nameOf(mark)}
            title={nameOf(mark)}
            style={{
              insetInlineStart: mark.fromMs / axis.msPerPx,
              inlineSize: Math.max(LEAST_PX, (mark.toMs - mark.fromMs) / axis.msPerPx),
            }}
          />
        ))}
    </div>
  ));
}
