/** The page of how fast answers come. */
export const latency = {
  title: "Latency",
  lead: "How long callers wait for an answer, and where that time goes.",
  stage: "Stage",
  total: {
    name: "Whole turn",
    meaning: "From the end of the caller’s speech to the end of the reply.",
  },
  over: { hour: "Hour by hour", day: "Day by day" },
  percentiles: {
    p50: "p50: half of the turns were faster",
    p95: "p95: 95 of 100 were faster",
    p99: "p99: 99 of 100 were faster",
  },
  chart: (stage: string) =>
    `${stage} over time: p50, p95 and p99. The same figures follow as a table.`,
  table: "Show as a table",
  time: "Time",
  turns: "Turns",
  by: { label: "Group by", model: "Model", voice: "Voice", language: "Language" },
  unknown: "not known",
  only: (name: string) => `Only ${name}`,
  slowest: {
    title: "Slowest turns",
    session: "Turn",
    turn: (session: string, turn: number) => `${session}, turn ${turn}`,
  },
  empty: {
    title: "Nothing was measured",
    body: "No turn in this time span matches the filters. Look further back, or talk to an agent: every turn is measured.",
    action: "Talk to an agent",
  },
};
