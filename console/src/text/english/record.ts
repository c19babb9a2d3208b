/** What happened in a turn, beside what was said. */
export const record = {
  tool: (name: string) => `Tool ${name}`,
  noSuchTool: "a tool that there is not",
  arguments: "Arguments",
  result: "Result",
  kept: "Not all of it is kept.",
  notKept: "Not kept.",
  outcomes: {
    succeeded: "succeeded",
    failed: "failed",
    timed_out: "timed out",
    refused: "not made",
    unknown_tool: "no such tool",
  },
  cutOff: "cut off",
  passages: (count: number) =>
    count === 1 ? "1 passage given to the model" : `${count} passages given to the model`,
  passage: (document: string, number: number) => `${document}, passage ${number}`,
  discarded: (count: number) =>
    count === 1 ? "1 early answer thrown away" : `${count} early answers thrown away`,
  upstream: "Served by",
  lanes: { tools: "Tools", faults: "Faults" },
  faults: {
    model_failed: "The model failed",
    model_late: "The model was late, another was asked beside it",
    answer_broken: "The answer broke off",
    answer_held: "The answer was held for a sound, and went on",
    voice_lost: "The voice’s connection was lost and replaced",
    recognition_lost: "Recognition’s connection was lost and replaced",
    passages_missed: "The documents were not searched in time",
    caller_away: "The caller was away",
    worker_lost: "The worker died, another took over",
    worker_changed: "The worker handed over to another",
    more: "There were more faults than are kept",
  },
};
