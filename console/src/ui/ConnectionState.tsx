import type { Connection } from "../api/follow";
import { useText } from "../text/useText";
import "./connection.css";

/** Whether what the page shows is as it is now. */
export function ConnectionState({ connection }: { connection: Connection }) {
  const { filters } = useText();
  return (
    <p className="connection" role="status" data-connection={connection}>
      <span aria-hidden="true" />
      {filters.connection[connection]}
    </p>
  );
}
