/** Every English text of the console. */
export const english = {
  app: { name: "Vaarta", signOut: "Sign out", loading: "Loading" },
  crash: {
    title: "This page has stopped working",
    body: "Something in it went wrong. Your sessions and transcripts are safe on the server.",
    reload: "Reload the page",
  },
  problem: {
    retryAfter: (seconds: number) => `Try again in ${seconds} s.`,
  },
  signIn: {
    title: "Sign in",
    intro: "The console speaks to the API as you. The key stays in this tab and ends with it.",
    credential: "API key or JWT",
    credentialHint: "Starts with cm_ or eyJ.",
    submit: "Sign in",
    useLocalKey: "Use this machine’s development key",
  },
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
  session: {
    cannotStart: "This browser could not start the conversation. Reload the page and try again.",
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
    notMeasured: "–",
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
