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
    p50: "p50: half of the turns were quicker",
    p95: "p95: 95 of 100 were quicker",
    p99: "p99: 99 of 100 were quicker",
  },
  chart: (stage: string) =>
    `${stage} over time: p50, p95 and p99. The same figures follow as a table.`,
  table: "The same as a table",
  time: "Time",
  turns: "Turns",
  by: { label: "Told apart by", model: "Model", voice: "Voice", language: "Language" },
  unknown: "not known",
  only: (name: string) => `Only ${name}`,
  slowest: {
    title: "Slowest turns",
    session: "Turn",
    turn: (session: string, turn: number) => `${session}, turn ${turn}`,
  },
  empty: {
    title: "Nothing was measured",
    body: "No turn of this time matches the filters. Look further back, or talk to an agent: each turn is measured.",
    action: "Talk to an agent",
  },
};
