/** Whether everything is there that a session needs. */
export const doctor = {
  title: "Doctor",
  lead: "Everything that a session needs: whether it answers, how fast, and what to do if it does not.",
  refresh: "Check again",
  checked: "Checked",
  notTold:
    "This server does not report on its dependencies. Run `vaarta doctor` on its machine instead.",
  verdicts: {
    ok: "Everything that a session needs is answering.",
    missing: "Something that a session needs is not answering.",
    old: "The server could not be reached again: this is its last report.",
  },
  columns: {
    name: "Dependency",
    state: "State",
    version: "Version",
    latency: "Answers in",
    advice: "What to do",
  },
  states: {
    ok: "answers",
    standIn: "a stand-in answers",
    away: "does not answer",
    unknown: "not known",
  },
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
    lead: "Asks a question by voice and speaks the answer. This takes a few seconds and costs as much as a turn.",
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
    habits: { sentences: "after each sentence", end: "only at the end", none: "none" },
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
