import { Text } from "@radix-ui/themes";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { isGreeting, STAGES } from "../turns/stages";
import { formatMilliseconds } from "../ui/duration";

/** The chosen turn's stages in figures, each with the colour of its lane. */
export function TurnFigures({ turn }: { turn: Turn | null }) {
  const { session, turns: text } = useText();
  if (turn === null) {
    return (
      <Text as="p" size="2" color="gray">
        {session.waterfall.choose}
      </Text>
    );
  }
  const name = isGreeting(turn) ? text.latency.greeting : text.latency.turn(turn.turn_index);
  return (
    <div className="turn-figures" role="status">
      <Text size="2" weight="bold">
        {name}
      </Text>
      <dl>
        {STAGES.map(({ key }) => (
          <div key={key}>
            <dt>
              <span className="swatch" data-lane={key} aria-hidden="true" />
              {text.latency.stages[key].name}
            </dt>
            <dd className="figure">{formatMilliseconds(turn[key])}</dd>
          </div>
        ))}
        <div>
          <dt>{text.table.total}</dt>
          <dd className="figure">{formatMilliseconds(turn.total_ms)}</dd>
        </div>
      </dl>
    </div>
  );
}
