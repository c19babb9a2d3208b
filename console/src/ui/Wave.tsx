/** Heights of the bars, 0 to 100: a word being spoken. */
const HEIGHTS = [8, 14, 26, 18, 40, 62, 48, 80, 100, 72, 88, 54, 66, 38, 46, 24, 30, 14, 18, 8];

/** Decoration for a place where a voice is going to be. */
export function Wave() {
  return (
    <svg className="wave" viewBox="0 0 240 100" aria-hidden="true">
      {HEIGHTS.map((height, place) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change
          key={place}
          x={place * 12 + 3}
          y={(100 - height) / 2}
          width="6"
          height={height}
          rx="3"
        />
      ))}
    </svg>
  );
}
