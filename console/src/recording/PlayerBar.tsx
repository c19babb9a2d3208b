import { ChevronDownIcon, Link2Icon, PauseIcon, PlayIcon } from "@radix-ui/react-icons";
import { Button, Card, IconButton, Text } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { formatClock } from "../ui/duration";
import type { Player } from "./player";
import { usePlayer } from "./usePlayer";
import "./recording.css";

const SPEEDS = [1, 1.5, 2];
/** The slider moves in such steps, by key too. */
const STEP_MS = 1_000;

interface PlayerBarProps {
  player: Player;
  /** How long the session lasted, until the browser knows how long its recording is. */
  lengthMs: number;
  /** Copies the address of the moment that is heard. */
  onShare: (atMs: number) => void;
}

/** What plays a recording, in reach wherever one is on the page. */
export function PlayerBar({ player, lengthMs, onShare }: PlayerBarProps) {
  const { recording: text } = useText();
  const isPlaying = usePlayer(player, ({ isPlaying }) => isPlaying) ?? false;
  const isBroken = usePlayer(player, ({ isBroken }) => isBroken) ?? false;
  return (
    <Card size="1" asChild>
      <section className="player" aria-label={text.title}>
        <IconButton
          size="3"
          radius="full"
          aria-label={isPlaying ? text.pause : text.play}
          disabled={isBroken}
          onClick={() => (isPlaying ? player.pause() : player.play())}
        >
          {isPlaying ? <PauseIcon aria-hidden /> : <PlayIcon aria-hidden />}
        </IconButton>
        <Place player={player} lengthMs={lengthMs} />
        <Speeds player={player} />
        <Button size="1" variant="soft" color="gray" onClick={() => onShare(player.atMs)}>
          <Link2Icon aria-hidden />
          {text.share}
        </Button>
        {isBroken && (
          <Text as="p" size="2" color="red" role="alert">
            {text.broken}
          </Text>
        )}
      </section>
    </Card>
  );
}

/** Where it is, in whole seconds: a slider says its value aloud each time that it changes. */
function Place({ player, lengthMs }: Pick<PlayerBarProps, "player" | "lengthMs">) {
  const { recording: text } = useText();
  const known = usePlayer(player, (now) => now.lengthMs) ?? lengthMs;
  const at = usePlayer(player, ({ atMs }) => Math.floor(atMs / STEP_MS)) ?? 0;
  const whole = formatClock(known / STEP_MS);
  return (
    <>
      <input
        type="range"
        className="player-place"
        aria-label={text.place}
        aria-valuetext={text.at(formatClock(at), whole)}
        max={Math.ceil(known / STEP_MS)}
        value={at}
        onChange={(event) => player.seek(event.target.valueAsNumber * STEP_MS)}
      />
      <Text size="2" className="figure" aria-hidden>
        {formatClock(at)} / {whole}
      </Text>
    </>
  );
}

function Speeds({ player }: { player: Player }) {
  const { recording: text } = useText();
  const chosen = usePlayer(player, ({ speed }) => speed) ?? 1;
  return (
    <span className="select">
      <select
        aria-label={text.speed}
        value={chosen}
        onChange={(event) => {
          player.speed = Number(event.target.value);
        }}
      >
        {SPEEDS.map((speed) => (
          <option key={speed} value={speed}>
            {speed}×
          </option>
        ))}
      </select>
      <ChevronDownIcon aria-hidden />
    </span>
  );
}
