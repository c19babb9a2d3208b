import { useText } from "../text/useText";
import { formatMilliseconds } from "../turns/duration";
import { Moment } from "../ui/Moment";
import { PERCENTILES, type Series } from "./series";

/** The chart's figures, for those who read rather than look. */
export function SeriesTable({ series }: { series: Series }) {
  const { latency: text } = useText();
  return (
    <details className="as-table">
      <summary>{text.table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key */}
      <div className="table" tabIndex={0}>
        <table aria-label={text.table}>
          <thead>
            <tr>
              <th scope="col">{text.time}</th>
              {PERCENTILES.map((percentile) => (
                <th key={percentile} scope="col" className="figure">
                  {percentile}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series.times.map((seconds, point) => (
              <tr key={seconds}>
                <th scope="row">
                  <Moment at={new Date(seconds * 1_000).toISOString()} />
                </th>
                {PERCENTILES.map((percentile, index) => (
                  <td key={percentile} className="figure">
                    {formatMilliseconds(series.values[index]?.[point] ?? null)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
