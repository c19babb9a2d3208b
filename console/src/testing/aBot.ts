import type { Bot } from "../api/bots";

/** A bot of which all that was changed serves, but for what a test says. */
export function aBot(part: Partial<Bot> = {}): Bot {
  return {
    id: "b1",
    name: "Front desk",
    system_prompt: null,
    config: {},
    is_active: true,
    updated_at: "2026-11-26T12:00:00.000Z",
    version: 1,
    has_unpublished_changes: false,
    ...part,
  };
}
