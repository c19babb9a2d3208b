/** What was said in a session and how long it took. */
export const turns = {
  transcript: {
    title: "Transcript",
    lines: "What was said",
    speakers: { you: "You", agent: "Agent" },
    interrupted: "interrupted",
    empty: "What you and the agent say appears here.",
    silent: "Nothing was said.",
    say: "Write to the agent",
    send: "Send",
    notSent: "This was not sent: the connection is gone.",
    download: "Download the transcript",
  },
  latency: {
    title: "Latency",
    empty: "Each turn’s stages appear here when the turn ends.",
    turns: "Turns, newest first",
    turn: (index: number) => `Turn ${index}`,
    greeting: "Greeting",
    meanings: "What these mean",
    overlap: (scale: string) =>
      `Stages overlap, so they do not add up: each bar starts at zero and stands alone. A full bar is ${scale}. Striped bars count from a request that may go out before the turn is decided; a dash was not measured.`,
    stages: {
      eou_delay_ms: {
        name: "End of turn",
        meaning: "From the end of your speech to the decision that it is the agent’s turn.",
      },
      stt_ms: {
        name: "Recognition",
        meaning: "From the end of your speech to its final text.",
      },
      first_token_ms: {
        name: "First token",
        meaning: "From the request to the model to its first word.",
      },
      tts_ttfb_ms: {
        name: "First speech byte",
        meaning: "From the request to the voice to its first sound.",
      },
      first_audio_ms: {
        name: "First audio",
        meaning: "From the end of your speech to the reply’s first sound: the wait you notice.",
      },
    },
  },
  table: { title: "Turns", index: "#", total: "Total" },
};
