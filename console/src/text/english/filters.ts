/** What lists and charts are narrowed down with, and how live they are. */
export const filters = {
  label: "Filters",
  toggle: (count: number) => (count === 0 ? "Filters" : `Filters (${count})`),
  any: "Any",
  clear: "Clear filters",
  range: {
    label: "Time",
    any: "Any time",
    own: "From … to …",
    from: "From",
    to: "To (excluded)",
    spans: {
      "1h": "Last hour",
      "24h": "Last 24 hours",
      "7d": "Last 7 days",
      "30d": "Last 30 days",
    },
  },
  connection: {
    connecting: "Connecting",
    live: "Live",
    waiting: "Not live, trying again",
    over: "Not live",
  },
};
