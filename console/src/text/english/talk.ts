/** The page to talk to an agent. */
export const talk = {
  title: "Talk",
  form: {
    title: "New conversation",
    language: "Language",
    voice: "Voice",
    model: "Model",
    modelStatus: { maintenance: "under maintenance", retired: "retired" },
    prompt: "System prompt",
    promptPlaceholder: "You are a helpful voice assistant…",
    promptHint: (length: number, limit: number) =>
      `${length} of ${limit} characters. Left empty, the default prompt is used.`,
    greeting: "Greeting (optional)",
    greetingHint: (length: number, limit: number) =>
      length === 0 ? "The first line, word for word." : `${length} of ${limit} characters.`,
    start: "Start talking",
  },
  empty: {
    title: "Talk to an agent",
    steps: [
      "Choose a language, a voice and a model. Say in the prompt who the agent is.",
      "Start talking and allow the microphone. Speak over the agent whenever you like.",
      "Read along here: both sides as they are heard, and where each turn’s time went.",
    ],
  },
  microphone: {
    label: "Microphone",
    browserChoice: "The browser’s choice",
    unnamed: (place: number) => `Microphone ${place}`,
    problems: {
      asking: "Your browser is asking whether this page may use the microphone.",
      on: null,
      muted: null,
      refused:
        "The browser keeps the microphone from this page. You can allow it beside the address, or write to the agent instead.",
      missing: "No microphone was found. You can write to the agent instead.",
      busy: "Another program is using the microphone. You can write to the agent meanwhile.",
      insecure:
        "Browsers give the microphone only to https pages and to localhost. You can write to the agent instead.",
      unavailable: "The microphone could not be opened. You can write to the agent instead.",
    },
  },
  call: {
    agent: "Agent",
    waiting: "Waiting for the agent",
    states: {
      initializing: "Getting ready",
      idle: "Ready",
      listening: "Listening",
      thinking: "Thinking",
      speaking: "Speaking",
    },
    reconnecting: "Connection lost, trying again",
    late: "No agent is in the room. Is a worker running?",
    allowSound: "Allow this page to play sound",
    mute: "Mute",
    unmute: "Unmute",
    hangUp: "Hang up",
  },
  ended: {
    title: "Conversation ended",
    closing: "Closing the session",
    status: "Status",
    reason: "End reason",
    duration: "Duration",
    turns: "Turns",
    median: "First audio, median",
    again: "New conversation",
    seen: {
      hung_up: "You hung up.",
      closed: "The room was closed.",
      unreachable: "The voice server could not be reached.",
    },
    reasons: {
      caller_hangup: "You hung up.",
      agent_closed: "The agent ended the conversation.",
      max_duration: "The longest duration was reached.",
      no_input: "Nothing was said for a while.",
      budget_exhausted: "The credits ran out.",
      api_delete: "The session was ended through the API.",
      agent_error: "The agent could not go on.",
      start_failed: "No agent spoke in time.",
      concurrency_limit: "Too many sessions at once.",
      timeout: "The session ran out of time.",
      token_expired: "Nobody joined in time.",
    },
  },
};
