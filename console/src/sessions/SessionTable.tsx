import { Badge, Card } from "@radix-ui/themes";
import type { Session, SessionStatus } from "../api/sessions";
import { useText } from "../text/useText";
import { DASH, formatClock } from "../turns/duration";
import { Moment } from "../ui/Moment";

const COLOURS: Record<SessionStatus, "gray" | "green" | "red" | "amber"> = {
  created: "gray",
  active: "green",
  completed: "gray",
  failed: "red",
  timeout: "amber",
};

/** Sessions, a row each. */
export function SessionTable({ sessions }: { sessions: readonly Session[] }) {
  const { sessions: text } = useText();
  const { columns } = text;
  return (
    <Card size="1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key */}
      <div className="table" tabIndex={0}>
        <table aria-label={text.title}>
          <thead>
            <tr>
              <th scope="col">{columns.created}</th>
              <th scope="col">{columns.status}</th>
              <th scope="col">{columns.language}</th>
              <th scope="col">{columns.voice}</th>
              <th scope="col">{columns.model}</th>
              <th scope="col" className="figure">
                {columns.turns}
              </th>
              <th scope="col" className="figure">
                {columns.duration}
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { sessions: text } = useText();
  const { config, status, duration_seconds: duration } = session;
  return (
    <tr>
      <th scope="row">
        <Moment at={session.created_at} />
      </th>
      <td>
        <Badge color={COLOURS[status]}>{text.statuses[status]}</Badge>
      </td>
      <td>{config.language}</td>
      <td>{config.voice}</td>
      <td>{config.llm_model}</td>
      <td className="figure">{session.turn_count}</td>
      <td className="figure">{duration === null ? DASH : formatClock(duration)}</td>
    </tr>
  );
}
