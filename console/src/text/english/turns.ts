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
    axis: "All turns share one axis, in milliseconds. The line is zero: the end of your speech, in the greeting its first sound. Stages overlap, since an answer is begun before the turn is decided, so they do not add up. A striped bar began at an unknown moment; a dash was not measured.",
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
      playing: { name: "Playing", meaning: "From the reply’s first sound to its last." },
    },
  },
  table: { title: "Turns", index: "#", total: "Total" },
};
