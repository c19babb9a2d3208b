import { Badge, Card, Heading, Text } from "@radix-ui/themes";
import { type ReactNode, useMemo } from "react";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { isGreeting } from "./stages";
import "./turns.css";
import { type Axis, axisOf, type Bar, barsOf, percentOn, placeOn } from "./bars";

interface TurnListProps {
  turns: readonly Turn[];
  /** What is happening right now, above what has happened. */
  now?: ReactNode;
}

/** Each turn's stages on one axis, the newest turn first. */
export function TurnList({ turns, now }: TurnListProps) {
  const { latency: text } = useText().turns;
  const axis = useMemo(() => axisOf(turns), [turns]);
  return (
    <Card size="2" asChild>
      <section className="latency" aria-label={text.title}>
        <Heading as="h2" size="4">
          {text.title}
        </Heading>
        {now}
        {turns.length === 0 ? (
          <Text as="p" size="2" color="gray">
            {text.empty}
          </Text>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key
          <ol className="turns" tabIndex={0} aria-label={text.turns}>
            {turns.toReversed().map((turn) => (
              <TurnItem key={turn.turn_index} turn={turn} axis={axis} />
            ))}
          </ol>
        )}
        <Meanings />
      </section>
    </Card>
  );
}

function TurnItem({ turn, axis }: { turn: Turn; axis: Axis }) {
  const { latency: text, transcript } = useText().turns;
  const greeting = isGreeting(turn);
  const bars = barsOf(turn).filter((bar) => !greeting || bar.duration !== null);
  return (
    <li className="turn" data-turn={turn.turn_index}>
      <div className="turn-head">
        <Text size="2" weight="medium">
          {greeting ? text.greeting : text.turn(turn.turn_index)}
        </Text>
        {turn.interrupted && (
          <Badge color="amber" size="1">
            {transcript.interrupted}
          </Badge>
        )}
        {!greeting && (
          <Text size="5" weight="bold" className="headline" title={text.stages.first_audio_ms.name}>
            {formatMilliseconds(turn.first_audio_ms)}
          </Text>
        )}
      </div>
      <ul className="stages">
        {bars.map((bar) => (
          <Stage key={bar.key} bar={bar} axis={axis} />
        ))}
      </ul>
      {!greeting && <Ruler axis={axis} />}
    </li>
  );
}

function Stage({ bar, axis }: { bar: Bar; axis: Axis }) {
  const { latency: text } = useText().turns;
  const place = placeOn(axis, bar);
  return (
    <li className="stage" data-stage={bar.key}>
      <Text size="1" color="gray" className="stage-name">
        {text.stages[bar.key].name}
      </Text>
      <span className="track" aria-hidden="true">
        <span className="zero" style={{ insetInlineStart: `${percentOn(axis, 0)}%` }} />
        {place && (
          <span
            className="bar"
            data-goes-on={place.goesOn}
            data-unplaced={bar.startMs === null}
            style={{
              insetInlineStart: `${place.startPercent}%`,
              inlineSize: `${place.lengthPercent}%`,
            }}
          />
        )}
      </span>
      <Text size="1" className="figure">
        {formatMilliseconds(bar.duration)}
      </Text>
    </li>
  );
}

/** The axis below a turn, in milliseconds; each line's figure stands where the line would be. */
function Ruler({ axis }: { axis: Axis }) {
  return (
    <div className="stage ruler" aria-hidden="true">
      <span />
      <span className="ruler-line">
        {axis.ticksMs.map((tick) => (
          <span key={tick} style={{ insetInlineStart: `${percentOn(axis, tick)}%` }}>
            {tick}
          </span>
        ))}
      </span>
      <span />
    </div>
  );
}

function Meanings() {
  const { latency: text } = useText().turns;
  return (
    <details className="meanings">
      <summary>{text.meanings}</summary>
      <Text as="p" size="1" color="gray">
        {text.axis}
      </Text>
      <dl>
        {Object.entries(text.stages).map(([key, { name, meaning }]) => (
          <div key={key}>
            <dt data-stage={key}>{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
