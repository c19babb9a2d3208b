import { MinusIcon, PlusIcon } from "@radix-ui/react-icons";
import { Button, IconButton, Text } from "@radix-ui/themes";
import { useMemo } from "react";
import type { Turn } from "../api/turn";
import type { Levels } from "../recording/levels";
import type { Player } from "../recording/player";
import { useText } from "../text/useText";
import { marksOf } from "../turns/marks";
import { type PlacedTurn, placeTurn } from "../turns/placing";
import { PlainTurnTable } from "../turns/TurnTable";
import { Section } from "../ui/Section";
import { TurnFigures } from "./TurnFigures";
import { type Scale, useScale } from "./useScale";
import { WaterfallChart } from "./WaterfallChart";

interface WaterfallProps {
  turns: readonly Turn[];
  /** How long the session lasted so far. */
  lengthMs: number;
  player: Player | null;
  levels: Levels | null;
  chosen: number | null;
  onChoose: (turnIndex: number) => void;
}

/** All turns on one time axis, to be scrolled and zoomed; the same figures follow as a table. */
export function Waterfall(props: WaterfallProps) {
  const { turns, lengthMs, player, levels, chosen, onChoose } = props;
  const { waterfall: text, transcript } = useText().session;
  const placed = useMemo(
    () => turns.map(placeTurn).filter((turn): turn is PlacedTurn => turn !== null),
    [turns],
  );
  const marks = useMemo(() => marksOf(turns), [turns]);
  const lastMs = Math.max(1, lengthMs, ...[...placed, ...marks].map(({ toMs }) => toMs));
  const focus = placed.find(({ turn }) => turn.turn_index === chosen) ?? null;
  const scale = useScale(lastMs, focus);
  if (placed.length === 0) {
    return (
      <Section title={text.title}>
        <Text as="p" size="2" color="gray">
          {text.empty}
        </Text>
      </Section>
    );
  }
  return (
    <Section title={text.title} aside={<ZoomTools scale={scale} />}>
      <WaterfallChart
        placed={placed}
        marks={marks}
        scale={scale}
        player={player}
        levels={levels}
        chosen={chosen}
        onChoose={onChoose}
      />
      <TurnFigures turn={turns.find(({ turn_index }) => turn_index === chosen) ?? null} />
      <details className="as-table">
        <summary>{text.table}</summary>
        <PlainTurnTable turns={turns} caller={transcript.caller} />
      </details>
    </Section>
  );
}

function ZoomTools({ scale }: { scale: Scale }) {
  const { waterfall: text } = useText().session;
  const { zoom, canZoomIn, zoomBy, showAll } = scale;
  return (
    <div className="row">
      <IconButton
        variant="soft"
        color="gray"
        aria-label={text.zoomOut}
        title={text.zoomOut}
        disabled={zoom <= 1}
        onClick={() => zoomBy(1 / 2)}
      >
        <MinusIcon aria-hidden />
      </IconButton>
      <IconButton
        variant="soft"
        color="gray"
        aria-label={text.zoomIn}
        title={text.zoomIn}
        disabled={!canZoomIn}
        onClick={() => zoomBy(2)}
      >
        <PlusIcon aria-hidden />
      </IconButton>
      <Button variant="soft" color="gray" disabled={zoom <= 1} onClick={showAll}>
        {text.whole}
      </Button>
    </div>
  );
}
