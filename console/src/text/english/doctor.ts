/** Whether everything is there that a session needs. */
export const doctor = {
  title: "Doctor",
  lead: "What a session needs, asked just now: does it answer, how fast, and what to do if it does not.",
  refresh: "Ask again",
  checked: "Asked",
  notTold:
    "This server does not tell how its dependencies do. Run `vaarta doctor` where it runs instead.",
  verdicts: {
    ok: "Everything that a session needs answers.",
    missing: "Something that a session needs does not answer.",
    old: "The server could not be asked anew: this is what it said before.",
  },
  columns: {
    name: "Dependency",
    state: "State",
    version: "Version",
    latency: "Answers in",
    advice: "What to do",
  },
  states: { ok: "answers", away: "does not answer", unknown: "not known" },
  names: {
    known: {
      postgres: "Postgres",
      livekit: "LiveKit",
      "sarvam rest": "Sarvam, requests",
      "sarvam sockets": "Sarvam, speech sockets",
    } as Record<string, string>,
    model: (upstream: string) => `Language models at ${upstream}`,
  },
  talk: {
    title: "Talk to the providers",
    lead: "A question is said, heard and answered, and the answer is said. It takes some seconds and costs what a turn costs.",
    start: "Talk once",
    what: "What",
    found: "Found",
    model: "Model",
    heard: "Heard",
    answer: "Answer",
    punctuation: "Full stops",
    stages: {
      recognition: "Recognition",
      firstToken: "First token",
      voice: "Voice",
      total: "Total, from the last sound",
    },
    habits: { sentences: "behind each sentence", end: "only at the end", none: "none" },
  },
  standIn:
    "A stand-in answers, not this provider: no model and no speech of theirs. On this machine it recognises English only.",
  worker: {
    name: "Workers",
    advice: "None was seen in the last 15 s. Start one: `vaarta worker`.",
    places: (
      workers: readonly { host: string; active: number; capacity: number; draining?: boolean }[],
    ) =>
      workers
        .map(
          ({ host, active, capacity, draining }) =>
            `${host}: ${active} of ${capacity}${draining ? ", draining" : ""}`,
        )
        .join("; "),
  },
};
