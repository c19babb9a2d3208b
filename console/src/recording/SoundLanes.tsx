import { memo } from "react";
import { type Axis, tiles } from "../turns/axis";
import type { Span } from "../turns/placing";
import { type Levels, outline } from "./levels";
import type { Player } from "./player";
import "./recording.css";

/** Whose channel is whose, in the recording's order. */
export const SOUND_LANES = ["callerSound", "agentSound"] as const;

const TILE_PX = 600;

interface SoundLanesProps {
  levels: Levels;
  player: Player;
  axis: Axis;
  /** The part of the axis that is drawn. */
  drawn: Span;
}

/** Both channels along the time axis; where one clicks, it plays on. */
export function SoundLanes({ levels, player, axis, drawn }: SoundLanesProps) {
  const spans = tiles(axis, drawn, TILE_PX);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by key the player's slider does the same
    // biome-ignore lint/a11y/useKeyWithClickEvents: by key the player's slider does the same
    <div
      className="sounds"
      onClick={({ currentTarget, clientX }) => {
        const px = clientX - currentTarget.getBoundingClientRect().left;
        player.seek(px * axis.msPerPx);
      }}
    >
      {SOUND_LANES.map((lane, channel) => (
        <div key={lane} className="sound" data-lane={lane}>
          {spans.map(({ fromMs, toMs }) => (
            <Tile
              key={fromMs}
              levels={levels[channel]}
              fromMs={fromMs}
              toMs={toMs}
              msPerPx={axis.msPerPx}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface TileProps extends Span {
  levels: Uint8Array | undefined;
  msPerPx: number;
}

/** Drawn once for a zoom; scrolling moves it. */
const Tile = memo(function Tile({ levels, fromMs, toMs, msPerPx }: TileProps) {
  const widthPx = (toMs - fromMs) / msPerPx;
  if (levels === undefined) return null;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 -1 ${widthPx} 2`}
      preserveAspectRatio="none"
      style={{ insetInlineStart: fromMs / msPerPx, inlineSize: widthPx }}
    >
      <path d={outline(levels, { fromMs, toMs }, msPerPx)} />
    </svg>
  );
});
