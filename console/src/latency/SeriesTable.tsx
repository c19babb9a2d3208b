import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { Table } from "../ui/Table";
import { PERCENTILES, type Series } from "./series";

/** The chart's figures, for those who read rather than look. */
export function SeriesTable({ series }: { series: Series }) {
  const { latency: text } = useText();
  return (
    <details className="as-table">
      <summary>{text.table}</summary>
      <Table
        label={text.table}
        columns={[text.time, ...PERCENTILES.map((name) => ({ name, className: "figure" }))]}
      >
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
      </Table>
    </details>
  );
}
