/** Credits, where they went, and how much was used. */
export const credits = {
  title: "Credits and usage",
  lead: "A credit is a rupee. Each turn is charged as it is stored, at the catalog’s prices.",
  services: { stt: "Recognition", llm: "Language model", tts: "Voice" },
  kinds: { grant: "Granted", charge: "Charged", adjustment: "Adjusted" },
  usage: {
    title: "Usage",
    span: "The last days",
    days: (count: number) => `${count} days`,
    spent: "Credits spent",
    sessions: "Sessions",
    turns: "Turns",
    minutes: "Minutes of speech",
    byService: "Spending by service",
    nothing: "Nothing was spent in this time.",
    heard: (minutes: string) => `${minutes} min heard`,
    spoken: (characters: string) => `${characters} characters spoken`,
    tokens: (input: string, output: string) => `${input} tokens in, ${output} out`,
  },
  balance: {
    title: "Balance",
    left: "Credits left",
    nothingLeft: "Nothing is left: new sessions are refused until credits are granted.",
    movements: "Movements of credits",
  },
  empty: {
    title: "No movements yet",
    body: "Grants and charges appear here, the newest first.",
  },
  columns: {
    at: "When",
    kind: "What for",
    model: "Model",
    session: "Session",
    credits: "Credits",
  },
};
