/** Who has the floor in the exchange that is going on. */
export type Phase = "you" | "thinking" | "speaking";

export interface LivePhase {
  phase: Phase;
  /** On the clock of `performance.now()`. */
  at: number;
}

/** The phases since the caller began; empty between exchanges. */
export type LiveTurn = readonly LivePhase[];

/** The caller was heard, which begins an exchange or interrupts a reply. */
export function callerHeard(live: LiveTurn, at: number): LiveTurn {
  return entered(live, "you", at);
}

/** The agent's state as the room tells it; listening is the caller's, who may say nothing. */
export function agentTurned(live: LiveTurn, state: string | null, at: number): LiveTurn {
  if (state === "thinking" || state === "speaking") return entered(live, state, at);
  return state === null ? [] : live;
}

/** The exchange was measured: what goes on already belongs to the next one. */
export function turnMeasured(live: LiveTurn): LiveTurn {
  const last = live.at(-1);
  return last?.phase === "you" && live.length > 1 ? [last] : [];
}

function entered(live: LiveTurn, phase: Phase, at: number): LiveTurn {
  return live.at(-1)?.phase === phase ? live : [...live, { phase, at }];
}

/** How long each phase took or takes. */
export function durationsOf(live: LiveTurn, now: number): { phase: Phase; ms: number }[] {
  return live.map(({ phase, at }, place) => ({
    phase,
    ms: Math.max(0, (live[place + 1]?.at ?? now) - at),
  }));
}
