import { Text, useThemeContext } from "@radix-ui/themes";
import { useEffect, useRef, useState } from "react";
import { useLocale } from "../text/language";
import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { drawChart } from "./chart";
import { PERCENTILES, type Series } from "./series";

/** The percentiles over time; `name` says what is drawn to those who do not see it. */
export function TimeChart({ series, name }: { series: Series; name: string }) {
  const locale = useLocale();
  // The theme's own, which changes together with the colours that are read here.
  const { appearance } = useThemeContext();
  const frame = useRef<HTMLDivElement>(null);
  const [point, setPoint] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours change with the appearance
  useEffect(() => {
    if (frame.current === null) return;
    return drawChart(frame.current, series, { locale, onPoint: setPoint });
  }, [series, locale, appearance]);
  return (
    <figure className="chart">
      <div ref={frame} role="img" aria-label={name} />
      <Legend series={series} point={point} />
    </figure>
  );
}

/** What the lines are; where the pointer is, their values. */
function Legend({ series, point }: { series: Series; point: number | null }) {
  const { percentiles } = useText().latency;
  const seconds = point === null ? undefined : series.times[point];
  return (
    <figcaption className="legend">
      {PERCENTILES.map((percentile, index) => (
        <span key={percentile} title={percentiles[percentile]}>
          <span className="line-sample" data-line={index} aria-hidden="true" />
          {percentile}
          {point !== null && <b className="figure">{valueAt(series, index, point)}</b>}
        </span>
      ))}
      {seconds !== undefined && (
        <Text color="gray">
          <Moment at={new Date(seconds * 1_000).toISOString()} />
        </Text>
      )}
    </figcaption>
  );
}

function valueAt({ values }: Series, index: number, point: number): string {
  return formatMilliseconds(values[index]?.[point] ?? null);
}
