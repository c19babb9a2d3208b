/** The list of sessions, and one of them. */
export const sessions = {
  title: "Sessions",
  lead: "Every conversation of this tenant, the newest first.",
  empty: {
    title: "No sessions yet",
    body: "A session appears here as soon as it is created: from the Talk page, or by your own code.",
    action: "Start one",
  },
  columns: {
    created: "Created",
    status: "Status",
    language: "Language",
    voice: "Voice",
    model: "Model",
    turns: "Turns",
    duration: "Duration",
  },
  statuses: {
    created: "created",
    active: "live",
    completed: "completed",
    failed: "failed",
    timeout: "timed out",
  },
  count: (shown: number, total: number) => `${shown} of ${total} sessions`,
  more: "Show more",
};
