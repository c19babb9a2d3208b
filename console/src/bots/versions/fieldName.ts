import type { Texts } from "../../text/useText";

/** A field as the form calls it; one that the form has not, as the API does. */
export function fieldName({ fields, variables, tools }: Texts["bots"], field: string): string {
  const names: Record<string, string> = {
    system_prompt: fields.prompt.label,
    "config.language": fields.language,
    "config.voice": fields.voice,
    "config.llm_model": fields.model,
    "config.greeting": fields.greeting.label,
    "config.max_duration_seconds": fields.duration.label,
    "config.idle_prompt_s": fields.idlePrompt.label,
    "config.min_endpointing_delay": fields.minDelay.label,
    "config.max_endpointing_delay": fields.maxDelay.label,
    "config.end_call": fields.endCall.label,
    "config.variables": variables.title,
    "config.tools": tools.title,
  };
  return names[field] ?? field.replace(/^config\./, "");
}
