import type { Session } from "../api/sessions";
import { useApi } from "../api/useApi";
import { Recording } from "../recording/Recording";
import { useRecording } from "../recording/useRecording";
import { useText } from "../text/useText";
import { Downloads } from "../transcript/Downloads";
import { Problem } from "../ui/Problem";
import { Section } from "../ui/Section";
import { SkeletonRows } from "../ui/SkeletonRows";
import { useNow } from "../ui/useNow";
import { Analysis } from "./Analysis";
import { Cost } from "./Cost";
import { Deliveries } from "./Deliveries";
import { Details, Substitutions } from "./Details";
import { DownloadAll } from "./DownloadAll";
import { Exchanges } from "./Exchanges";
import { Facts } from "./Facts";
import { LiveBar } from "./LiveBar";
import { MakeCase } from "./MakeCase";
import { Unkept } from "./Unkept";
import type { Named } from "./useAddress";
import { useHearing } from "./useHearing";
import type { useLiveSession } from "./useLiveSession";
import { Waited } from "./Waited";
import { Waterfall } from "./Waterfall";
import "./session.css";

interface SessionViewProps {
  session: Session;
  live: ReturnType<typeof useLiveSession>;
  named: Named;
  onChoose: (turnIndex: number) => void;
}

/** All that is known of one session. */
export function SessionView({ session, live, named, onChoose }: SessionViewProps) {
  const { session: text } = useText();
  const api = useApi();
  const turns = live.turns.data ?? [];
  const substitutions = session.config.substitutions ?? [];
  const lengthMs = useLengthMs(session);
  const recording = useRecording(session);
  const { player, levels } = recording;
  const { hear, choose, share } = useHearing({ player, turns, named, onChoose });
  const choice = { player, chosen: named.turn, onChoose: choose };
  return (
    <>
      {live.isRunning && (
        <LiveBar session={session} agentState={live.live.agentState} stream={live.stream} />
      )}
      <Facts session={session} turns={turns} />
      {substitutions.length > 0 && <Substitutions list={substitutions} />}
      {recording.isExpected && (
        <Recording recording={recording} lengthMs={lengthMs} onShare={share} />
      )}
      <Waterfall turns={turns} lengthMs={lengthMs} levels={levels} {...choice} />
      <Waited turns={turns} onChoose={choose} />
      {session.analysis && <Analysis session={session} of={session.analysis} />}
      <div className="session-parts">
        <Section title={text.transcript.title}>
          <Unkept session={session} />
          {live.turns.isPending && <SkeletonRows count={4} />}
          {live.turns.error && <Problem error={live.turns.error} />}
          {live.turns.data && (
            <Exchanges
              turns={turns}
              spoken={live.live.spoken}
              running={live.isRunning}
              onHear={hear}
              {...choice}
            />
          )}
          {turns.length > 0 && <Downloads api={api} sessionId={session.id} />}
          <DownloadAll sessionId={session.id} sound={recording.sound} />
          {turns.length > 0 && <MakeCase sessionId={session.id} />}
        </Section>
        <div className="stack">
          <Cost sessionId={session.id} />
          <Deliveries sessionId={session.id} />
          <Details session={session} />
        </div>
      </div>
    </>
  );
}

/** So long as the session lasted, or has lasted. */
function useLengthMs({ duration_seconds: duration, started_at, status }: Session): number {
  const runs = duration === null && started_at !== null && status === "active";
  const now = useNow(runs);
  if (duration !== null) return duration * 1_000;
  return runs ? Math.max(0, now - Date.parse(started_at)) : 0;
}
