/** Credits, where they went, and how much was used. */
export const credits = {
  title: "Credits and usage",
  lead: "A credit is a rupee. Each turn is charged as it is stored, at the catalog’s prices.",
  services: { stt: "Recognition", llm: "Language model", tts: "Voice" },
  kinds: { grant: "Granted", charge: "Charged", adjustment: "Adjusted" },
  usage: {
    title: "Usage",
    span: "Time span",
    days: (count: number) => `${count} days`,
    spent: "Credits spent",
    sessions: "Sessions",
    turns: "Turns",
    minutes: "Minutes of speech",
    byService: "Spending by service",
    nothing: "Nothing was spent in this time span.",
    heard: (minutes: string) => `${minutes} min heard`,
    spoken: (characters: string) => `${characters} characters spoken`,
    tokens: (input: string, output: string) => `${input} tokens in, ${output} out`,
  },
  balance: {
    title: "Balance",
    left: "Credits left",
    nothingLeft: "No credits are left: new sessions are refused until credits are granted.",
    movements: "Transactions",
  },
  empty: {
    title: "No transactions yet",
    body: "Grants and charges appear here, newest first.",
  },
  columns: {
    at: "When",
    kind: "Type",
    model: "Model",
    session: "Session",
    credits: "Credits",
  },
};
