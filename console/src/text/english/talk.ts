/** The page to talk to an agent. */
export const talk = {
  title: "Talk",
  heading: "Talk to an agent",
  lead: "Say who the agent is, choose how it sounds, and speak. You see where each turn’s time went.",
  form: {
    agent: "The agent",
    you: "You",
    bot: {
      with: (name: string) =>
        `This conversation begins with the bot “${name}”. What is left empty below is the bot’s own.`,
      version: (version: number | "draft") =>
        version === "draft"
          ? "It is as its draft says, published or not."
          : `It is as version ${version} had it.`,
      without: "Talk without it",
      promptHint: "Left empty, the bot’s prompt is used.",
    },
    language: "Language",
    voice: "Voice",
    genders: { female: "Female", male: "Male" },
    voiceSpeaks: (languages: string) => `Speaks ${languages} only`,
    model: "Model",
    modelStatus: { available: "available", maintenance: "under maintenance", retired: "retired" },
    measured: (firstToken: string, firstAudio: string) =>
      `First token ${firstToken}, first audio ${firstAudio}`,
    verdicts: {
      eligible: "fast enough",
      too_slow: "too slow to talk to",
      unsupported: "no host has a key",
      unmeasured: "not measured yet",
    },
    notMeasured: "Not measured yet.",
    standIns: {
      speech: "A stand-in hears and speaks on this server: it recognises English only.",
      model: "A stand-in answers on this server, not this model.",
      choice: "a stand-in answers",
    },
    prompt: "System prompt",
    promptPlaceholder: "You are a helpful voice assistant…",
    promptHint: (length: number, limit: number) =>
      length === 0
        ? "Left empty, the default prompt is used."
        : `${length} of ${limit} characters.`,
    examples: "Examples",
    exampleAgents: [
      {
        name: "Front desk",
        prompt:
          "You answer the phone of a small clinic. It is open Monday to Saturday, nine to six. Answer briefly, and offer to book an appointment.",
        greeting: "Good morning, this is the clinic. How can I help you?",
      },
      {
        name: "Restaurant",
        prompt:
          "You take table bookings for a restaurant. Ask for the day, the time, the number of guests and a name, one at a time, then repeat the booking.",
        greeting: "Hello! Would you like to book a table?",
      },
      {
        name: "Support",
        prompt:
          "You help customers of an internet provider. Find out what does not work, then lead them through one step at a time. Keep every answer under two sentences.",
        greeting: "Hello, what can I help you fix today?",
      },
    ],
    greeting: "Greeting (optional)",
    greetingHint: (length: number, limit: number) =>
      length === 0 ? "The first line, word for word." : `${length} of ${limit} characters.`,
    variables: {
      title: "Variables",
      own: "Left empty, the bot’s own value is used.",
      needed: "The conversation cannot start without it.",
    },
    advanced: "Duration and turn-taking",
    numbers: {
      durationS: { label: "Longest duration, seconds", hint: "30 to 3600." },
      minDelayS: {
        label: "Shortest pause, seconds",
        hint: "Silence that ends your turn after a complete sentence.",
      },
      maxDelayS: {
        label: "Longest pause, seconds",
        hint: "The same after an unfinished sentence.",
      },
    },
    start: "Start talking",
    write: "Write instead",
  },
  steps: [
    "Start, and allow the microphone.",
    "Speak over the agent whenever you like: it stops.",
    "Read along, and see where each turn’s time went.",
  ],
  sample: {
    play: (voice: string) => `Hear ${voice}`,
    stop: (voice: string) => `Stop ${voice}`,
  },
  code: {
    open: "Copy as code",
    title: "This session as code",
    language: "Language of the code",
    copy: "Copy",
    copied: "Copied. The code reads your key from VAARTA_API_KEY.",
    notCopied: "The browser did not allow copying. Select the code instead.",
  },
  now: {
    idle: "Nobody is speaking right now.",
    phases: { you: "You", thinking: "Thinking", speaking: "Speaking" },
  },
  microphone: {
    label: "Microphone",
    browserChoice: "The browser’s choice",
    check: "Check",
    stopCheck: "Stop",
    quiet: "Say something.",
    heard: "Your microphone works.",
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
    late: "No agent has joined the room. Is a worker running?",
    allowSound: "Allow this page to play sound",
    mute: "Mute",
    unmute: "Unmute",
    hangUp: "Hang up",
  },
  ended: {
    title: "Conversation ended",
    closing: "Closing the session",
    status: "Status",
    duration: "Duration",
    turns: "Turns",
    median: "Median first audio",
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
