import uPlot from "uplot";
import { formatMilliseconds } from "../ui/duration";
import type { Series } from "./series";
import "uplot/dist/uPlot.min.css";

/** Told apart without colours, too. */
const DASHES = [[], [7, 4], [2, 3]];
const HEIGHT_PX = 300;
const DAY_S = 86_400;
const SINGLE_S = 3 * 3_600;

interface ChartOptions {
  locale: string;
  /** Which point the pointer is at; `null` where it is at none. */
  onPoint: (index: number | null) => void;
}

/** Draws the series into `frame`, as wide as that is; gives back what takes the drawing away. */
export function drawChart(frame: HTMLElement, series: Series, options: ChartOptions): () => void {
  const drawing = chartOptions(frame, series.times.length === 1, options);
  const plot = new uPlot(drawing, [series.times, ...series.values], frame);
  const observer = new ResizeObserver(() => {
    plot.setSize({ width: frame.clientWidth, height: HEIGHT_PX });
  });
  observer.observe(frame);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

function chartOptions(
  frame: HTMLElement,
  isSingle: boolean,
  { locale, onPoint }: ChartOptions,
): uPlot.Options {
  const colour = (name: string) => getComputedStyle(frame).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour("--chart-text"),
    font: `12px ${getComputedStyle(frame).fontFamily}`,
    grid: { stroke: colour("--chart-grid"), width: 1 },
    ticks: { stroke: colour("--chart-grid"), width: 1, size: 4 },
  };
  return {
    width: frame.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: (_, first, last) => (isSingle ? around(first) : [first, last]) },
      y: { range: (_, __, most) => [0, Math.max(100, most * 1.08)] },
    },
    axes: [
      { ...axis, values: (_, moments, __, ___, step) => momentNames(moments, step, locale) },
      { ...axis, size: 68, values: (_, values) => values.map(formatMilliseconds) },
    ],
    series: [
      {},
      ...DASHES.map((dash, index) => ({
        stroke: colour(`--chart-${index}`),
        width: index === 0 ? 2.5 : 1.75,
        dash,
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  };
}

/** A single point would otherwise stand on an axis of years. */
function around(moment: number): [number, number] {
  return [moment - SINGLE_S, moment + SINGLE_S];
}

/** Days by their dates, hours by the clock. */
function momentNames(moments: number[], stepS: number, locale: string): string[] {
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const hour = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
  return moments.map((seconds) => {
    const moment = new Date(seconds * 1_000);
    const isDay = stepS >= DAY_S || (moment.getHours() === 0 && moment.getMinutes() === 0);
    return (isDay ? day : hour).format(moment);
  });
}
