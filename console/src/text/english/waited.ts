/** What callers waited for, in words. */
export const waited = {
  title: "What the caller waited for",
  meaning:
    "The slowest answers, from the caller’s last sound to the agent’s first. Where several things went on at once, the one that had to be over first is named.",
  waited: (wait: string) => `The caller waited ${wait}:`,
  causes: {
    end_of_turn: (took: string) => `${took} until it was clear that they had finished`,
    recognition: (took: string) => `${took} more for their words`,
    model: (took: string) => `${took} for the model’s first word`,
    tools: (took: string, names: string) => `${took} for tools (${names})`,
    sentence: (took: string) => `${took} until there was something to speak`,
    voice: (took: string) => `${took} for the voice’s first sound`,
    rest: (took: string) => `${took} that no figure explains`,
  },
};
