import { Badge, Card, Heading, Text } from "@radix-ui/themes";
import { useMemo } from "react";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { formatMilliseconds } from "./duration";
import { isGreeting, type StageBar, sharedScaleMs, stageBars } from "./stages";
import "./turns.css";

/** Each turn's stages, the newest turn first. */
export function TurnList({ turns }: { turns: readonly Turn[] }) {
  const text = useText();
  const scaleMs = useMemo(() => sharedScaleMs(turns), [turns]);
  return (
    <Card size="2" asChild>
      <section className="latency" aria-label={text.turns.latency.title}>
        <Heading as="h2" size="4">
          {text.turns.latency.title}
        </Heading>
        {turns.length === 0 ? (
          <Text as="p" size="2" color="gray">
            {text.turns.latency.empty}
          </Text>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key
          <ol className="turns" tabIndex={0} aria-label={text.turns.latency.turns}>
            {turns.toReversed().map((turn) => (
              <TurnItem key={turn.turn_index} turn={turn} scaleMs={scaleMs} />
            ))}
          </ol>
        )}
        <Meanings scaleMs={scaleMs} />
      </section>
    </Card>
  );
}

function TurnItem({ turn, scaleMs }: { turn: Turn; scaleMs: number }) {
  const text = useText();
  const greeting = isGreeting(turn);
  const bars = stageBars(turn, scaleMs).filter((bar) => !greeting || bar.duration !== null);
  return (
    <li className="turn" data-turn={turn.turn_index}>
      <div className="turn-head">
        <Text size="2" weight="medium">
          {greeting ? text.turns.latency.greeting : text.turns.latency.turn(turn.turn_index)}
        </Text>
        {turn.interrupted && (
          <Badge color="amber" size="1">
            {text.turns.transcript.interrupted}
          </Badge>
        )}
        {!greeting && (
          <Text size="6" weight="bold" className="headline" data-stage="first_audio_ms">
            {formatMilliseconds(turn.first_audio_ms)}
          </Text>
        )}
      </div>
      {bars.length > 0 && (
        <ul className="stages">
          {bars.map((bar) => (
            <Stage key={bar.key} bar={bar} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Stage({ bar }: { bar: StageBar }) {
  const text = useText();
  return (
    <li className="stage" data-stage={bar.key} data-clock={bar.clock}>
      <Text size="1" color="gray">
        {text.turns.latency.stages[bar.key].name}
      </Text>
      <span className="track" aria-hidden="true">
        <span className="bar" style={{ inlineSize: `${bar.percent}%` }} />
      </span>
      <Text size="1" className="figure">
        {formatMilliseconds(bar.duration)}
      </Text>
    </li>
  );
}

function Meanings({ scaleMs }: { scaleMs: number }) {
  const text = useText();
  return (
    <details className="meanings">
      <summary>{text.turns.latency.meanings}</summary>
      <Text as="p" size="1" color="gray">
        {text.turns.latency.overlap(formatMilliseconds(scaleMs))}
      </Text>
      <dl>
        {Object.values(text.turns.latency.stages).map(({ name, meaning }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
