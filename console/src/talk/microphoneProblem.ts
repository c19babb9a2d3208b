export type MicrophoneProblem = "refused" | "missing" | "busy" | "insecure" | "unavailable";

const NAMES: Record<string, MicrophoneProblem> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
};

/** Why a microphone could not be opened, by the name of what the browser threw. */
export function microphoneProblem(error: unknown): MicrophoneProblem {
  const isNamed = typeof error === "object" && error !== null && "name" in error;
  return (isNamed && NAMES[String(error.name)]) || "unavailable";
}
