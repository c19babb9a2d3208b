import { useText } from "../text/useText";
import "./skeleton.css";

/** The room of a list that is on its way, so that nothing moves when it comes. */
export function SkeletonRows({ count }: { count: number }) {
  const { app } = useText();
  return (
    <div className="skeleton-rows" role="status" aria-label={app.loading}>
      {Array.from({ length: count }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <span key={place} className="skeleton" />
      ))}
    </div>
  );
}
