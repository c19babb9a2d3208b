import type { CSSProperties } from "react";
import type { Levels } from "../recording/levels";
import { Playhead } from "../recording/Playhead";
import type { Player } from "../recording/player";
import { SOUND_LANES, SoundLanes } from "../recording/SoundLanes";
import { useText } from "../text/useText";
import { drawnSpan, formatTick, overlaps, ticks } from "../turns/axis";
import { MARK_LANES, type Mark, type MarkLane } from "../turns/marks";
import { LANES, type Lane, type PlacedTurn } from "../turns/placing";
import { formatMilliseconds } from "../ui/duration";
import { Marks } from "./Marks";
import type { Scale } from "./useScale";
import "./waterfall.css";

interface ChartProps {
  placed: readonly PlacedTurn[];
  marks: readonly Mark[];
  scale: Scale;
  /** Where the session was recorded. */
  player: Player | null;
  levels: Levels | null;
  chosen: number | null;
  onChoose: (turnIndex: number) => void;
}

/** Each turn a column, each stage a lane, along the time. */
export function WaterfallChart(props: ChartProps) {
  const { placed, marks, scale, player, levels, chosen, onChoose } = props;
  const { waterfall: text } = useText().session;
  const { scroller, axis, shown } = scale;
  const drawn = drawnSpan(shown);
  const sounds = player && levels ? SOUND_LANES : [];
  const marked = MARK_LANES.filter((lane) => marks.some((mark) => mark.lane === lane));
  const counts = {
    "--sounds": sounds.length,
    "--lanes": LANES.length,
    "--marks": marked.length,
  } as CSSProperties;
  return (
    <div className="waterfall" style={counts}>
      <LaneNames sounds={sounds} marked={marked} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key */}
      <section className="waterfall-window" ref={scroller} tabIndex={0} aria-label={text.axis}>
        <div className="waterfall-axis" style={{ inlineSize: axis.lengthMs / axis.msPerPx }}>
          {ticks(axis, drawn).map(({ atMs, stepMs }) => (
            <span key={atMs} className="tick" style={{ insetInlineStart: atMs / axis.msPerPx }}>
              {formatTick(atMs, stepMs)}
            </span>
          ))}
          {player && levels && (
            <SoundLanes levels={levels} player={player} axis={axis} drawn={drawn} />
          )}
          {placed
            .filter((turn) => overlaps(turn, drawn))
            .map((turn) => (
              <PlacedBars
                key={turn.turn.turn_index}
                placed={turn}
                msPerPx={axis.msPerPx}
                chosen={turn.turn.turn_index === chosen}
                onChoose={onChoose}
              />
            ))}
          <Marks marks={marks} lanes={marked} axis={axis} drawn={drawn} />
          {player && <Playhead player={player} axis={axis} shown={shown} onLeave={scale.bring} />}
        </div>
      </section>
    </div>
  );
}

interface LaneNamesProps {
  sounds: readonly (typeof SOUND_LANES)[number][];
  marked: readonly MarkLane[];
}

function LaneNames({ sounds, marked }: LaneNamesProps) {
  const { recording, record } = useText();
  const name = useLaneName();
  return (
    <ul className="lane-names" aria-hidden="true">
      {sounds.map((lane) => (
        <li key={lane} className="sound-name">
          {recording[lane]}
        </li>
      ))}
      {LANES.map((lane) => (
        <li key={lane} data-lane={lane}>
          {name(lane)}
        </li>
      ))}
      {marked.map((lane) => (
        <li key={lane}>{record.lanes[lane]}</li>
      ))}
    </ul>
  );
}

function useLaneName(): (lane: Lane) => string {
  const { session, turns } = useText();
  return (lane) =>
    lane === "caller" || lane === "playing"
      ? session.waterfall[lane]
      : turns.latency.stages[lane].name;
}

interface PlacedBarsProps {
  placed: PlacedTurn;
  msPerPx: number;
  chosen: boolean;
  onChoose: (turnIndex: number) => void;
}

/** One turn: a column to press, its stages in their lanes. */
function PlacedBars({ placed, msPerPx, chosen, onChoose }: PlacedBarsProps) {
  const { waterfall: text } = useText().session;
  const name = useLaneName();
  const { turn, spans, fromMs, toMs } = placed;
  const place = (from: number, to: number) => ({
    insetInlineStart: from / msPerPx,
    inlineSize: Math.max(2, (to - from) / msPerPx),
  });
  return (
    <button
      type="button"
      className="turn-column"
      data-interrupted={turn.interrupted}
      aria-pressed={chosen}
      aria-label={text.turn(turn.turn_index, formatMilliseconds(turn.first_audio_ms))}
      style={place(fromMs, toMs)}
      onClick={() => onChoose(turn.turn_index)}
    >
      <span className="turn-number">{turn.turn_index}</span>
      {spans.map((span) => (
        <span
          key={span.lane}
          className="span"
          data-lane={span.lane}
          title={`${name(span.lane)}: ${formatMilliseconds(span.toMs - span.fromMs)}`}
          style={place(span.fromMs - fromMs, span.toMs - fromMs)}
        />
      ))}
    </button>
  );
}
