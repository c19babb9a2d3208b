import { describe, expect, it } from "vitest";
import { agentTurned, callerHeard, durationsOf, type LiveTurn, turnMeasured } from "./live";

const phases = (live: LiveTurn) => live.map(({ phase }) => phase);

function anExchange(): LiveTurn {
  let live = callerHeard([], 1_000);
  live = callerHeard(live, 1_400);
  live = agentTurned(live, "thinking", 3_000);
  return agentTurned(live, "speaking", 3_200);
}

describe("an exchange that is going on", () => {
  it("passes from the caller to the agent, each phase from its first moment", () => {
    expect(durationsOf(anExchange(), 4_200)).toEqual([
      { phase: "you", ms: 2_000 },
      { phase: "thinking", ms: 200 },
      { phase: "speaking", ms: 1_000 },
    ]);
  });

  it("is over once it was measured", () => {
    const listening = agentTurned(anExchange(), "listening", 6_000);
    expect(phases(listening)).toEqual(["you", "thinking", "speaking"]);
    expect(turnMeasured(listening)).toEqual([]);
  });

  it("leaves the words that interrupted it to the next one", () => {
    const interrupted = callerHeard(anExchange(), 5_000);
    expect(turnMeasured(interrupted)).toEqual([{ phase: "you", at: 5_000 }]);
  });

  it("ends with an agent who left", () => {
    expect(agentTurned(anExchange(), null, 5_000)).toEqual([]);
  });
});
