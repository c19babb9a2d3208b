/** What a session sounded like. */
export const recording = {
  title: "Recording",
  pending: "The recording is on its way.",
  none: "This session was recorded, but its recording is not here: it was erased, kept for long enough, or was never begun.",
  broken: "This browser cannot play Opus in Ogg.",
  play: "Play",
  pause: "Pause",
  place: "Place in the recording",
  at: (at: string, whole: string) => `${at} of ${whole}`,
  speed: "Speed",
  share: "Copy link to this moment",
  hear: (turn: string) => `Hear ${turn}`,
  byWord: "A click on a word plays from there; by keyboard, arrows lead to it and Enter plays.",
  callerSound: "Caller’s sound",
  agentSound: "Agent’s sound",
};
