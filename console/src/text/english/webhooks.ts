interface Result {
  success: boolean;
  status_code: number | null;
  latency_ms: number;
  error: string | null;
}

/** Endpoints that are told of sessions, and what became of each telling. */
export const webhooks = {
  title: "Webhooks",
  lead: "Vaarta tells your servers what happens to sessions: one signed request for each event, retried until it is answered with 2xx.",
  empty: {
    title: "No endpoints yet",
    body: "Register your server’s address, choose the events it gets, and send it a test event.",
  },
  columns: { url: "Endpoint", events: "Events", log: "Log" },
  states: {
    active: "active",
    off: "switched off",
    disabled: "switched off: nothing reached it for days",
  },
  everyEvent: "every event",
  events: {
    "voice_session.started": { short: "session started", meaning: "A session was created" },
    "voice_session.connected": {
      short: "session connected",
      meaning: "Caller and agent are both in the room",
    },
    "voice_session.ended": { short: "session ended", meaning: "A session ended as it should" },
    "voice_session.failed": {
      short: "session failed",
      meaning: "A session failed or ran out of time",
    },
    "voice_session.analyzed": {
      short: "session analysed",
      meaning: "The analysis of a session is ready, or failed",
    },
    "webhook.disabled": {
      short: "endpoint disabled",
      meaning: "Another endpoint was disabled: nothing had reached it for days",
    },
  },
  fields: {
    url: { label: "URL", hint: "http or https, at a public address." },
    events: "Events",
    active: { label: "Active", hint: "Switched off, it gets no new events." },
  },
  secret: {
    title: "Signing secret",
    once: "Copy it now: it is shown only this once. Your server checks each delivery’s signature with it.",
  },
  create: { open: "New endpoint", title: "New endpoint", submit: "Register" },
  edit: {
    open: "Edit",
    title: "Edit the endpoint",
    submit: "Save",
    done: "The endpoint was changed.",
  },
  test: {
    open: "Test",
    result: ({ success, status_code, latency_ms, error }: Result) => {
      if (status_code === null) return `No answer: ${error ?? "unknown"} (after ${latency_ms} ms).`;
      return success
        ? `The test event was accepted: ${status_code} after ${latency_ms} ms.`
        : `The test event was refused: ${status_code} after ${latency_ms} ms.`;
    },
  },
  rotate: {
    open: "Rotate secret",
    title: "Rotate the secret?",
    body: (url: string) =>
      `Every attempt to ${url} from now on is signed with a new secret, including those that are waiting. For 24 hours webhook-signature carries the old secret’s signature as well; a server that checks X-CallMissed-Signature refuses them until it knows the new one.`,
    submit: "Rotate secret",
  },
  delete: {
    open: "Delete",
    title: "Delete the endpoint?",
    body: (url: string) =>
      `${url} gets no more events. Its log and what is waiting for it are deleted.`,
    submit: "Delete",
    done: "The endpoint was deleted.",
  },
  default: {
    title: "Default secret",
    lead: "It signs what is sent to the webhook_url that a session was created with.",
    since: "since",
    rotate: {
      open: "Rotate secret",
      title: "Rotate the default secret?",
      body: "Every attempt to a session’s own URL from now on is signed with a new secret. Servers that check with the old one refuse them until they know it.",
    },
    log: "Deliveries to sessions’ own URLs",
  },
  log: {
    open: "Deliveries",
    title: "Deliveries",
    sessionsLead: "Sent to the URLs that sessions were created with.",
    status: "Status",
    columns: {
      created: "Created",
      event: "Event",
      status: "Status",
      answer: "Last answer",
      attempts: "Attempts",
      session: "Session",
    },
    look: "Details",
    replayed: "sent again",
    attempts: "Attempts",
    next: "Next attempt:",
    payload: "Payload",
    empty: {
      title: "Nothing was sent yet",
      body: "Each event of a session appears here as it is sent. Start a session, or send the endpoint a test event, which is not logged.",
    },
    noneOfStatus: { title: "No deliveries match", body: "None has this status. Choose another." },
    replay: { submit: "Send it again", done: "The event is being sent again, as a new delivery." },
  },
  statuses: { pending: "waiting", succeeded: "delivered", failed: "given up" },
};
