import { BOT_PROMPT_LIMIT, type Bot, type BotRequest } from "../api/bots";
import { lineId } from "./lineId";
import { isCompleteTool, type ToolDraft, toolDraftOf, toolOf } from "./toolDraft";

/** The form of a bot as it stands. Numbers are as they were typed; empty leaves it to the API. */
export interface BotDraft {
  name: string;
  prompt: string;
  language: string;
  voice: string;
  model: string;
  greeting: string;
  duration: string;
  minDelay: string;
  maxDelay: string;
  idlePrompt: string;
  endCall: boolean;
  variables: readonly Variable[];
  tools: readonly ToolDraft[];
}

export interface Variable {
  /** Tells lines apart while their names are being typed. */
  id: string;
  name: string;
  value: string;
}

export const NEW_BOT: BotDraft = {
  name: "",
  prompt: "",
  language: "",
  voice: "",
  model: "",
  greeting: "",
  duration: "",
  minDelay: "",
  maxDelay: "",
  idlePrompt: "",
  endCall: true,
  variables: [],
  tools: [],
};

export function draftOf({ name, system_prompt, config }: Bot): BotDraft {
  return {
    name,
    prompt: system_prompt ?? "",
    language: config.language ?? "",
    voice: config.voice ?? "",
    model: config.llm_model ?? "",
    greeting: config.greeting ?? "",
    duration: typed(config.max_duration_seconds),
    minDelay: typed(config.min_endpointing_delay),
    maxDelay: typed(config.max_endpointing_delay),
    idlePrompt: typed(config.idle_prompt_s),
    endCall: config.end_call ?? true,
    variables: Object.entries(config.variables ?? {}).map(([key, value]) => ({
      id: lineId(),
      name: key,
      value,
    })),
    tools: (config.tools ?? []).map(toolDraftOf),
  };
}

/** `before` is the bot that is changed: a prompt that it has is taken away by an empty one. */
export function requestOf(draft: BotDraft, before: Bot | null): BotRequest {
  const variables = draft.variables.filter(({ name }) => name.trim() !== "");
  const config: BotRequest["config"] = {
    language: chosen(draft.language),
    voice: chosen(draft.voice),
    llm_model: chosen(draft.model),
    greeting: draft.greeting.trim() === "" ? null : draft.greeting,
    max_duration_seconds: numberOf(draft.duration),
    min_endpointing_delay: numberOf(draft.minDelay),
    max_endpointing_delay: numberOf(draft.maxDelay),
    idle_prompt_s: numberOf(draft.idlePrompt),
    end_call: draft.endCall ? null : false,
    variables: listed(variables, () =>
      Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value])),
    ),
    tools: listed(draft.tools, () => draft.tools.map(toolOf)),
  };
  const request: BotRequest = { name: draft.name.trim(), config };
  const hasPrompt = draft.prompt.trim() !== "" || Boolean(before?.system_prompt);
  return hasPrompt ? { ...request, system_prompt: draft.prompt } : request;
}

export function isComplete(draft: BotDraft): boolean {
  return (
    draft.name.trim() !== "" &&
    countCharacters(draft.prompt) <= BOT_PROMPT_LIMIT &&
    draft.tools.every(isCompleteTool)
  );
}

/** Unicode code points, as the API counts them. */
export function countCharacters(written: string): number {
  return [...written].length;
}

function chosen(id: string): string | null {
  return id === "" ? null : id;
}

function typed(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}

function numberOf(written: string): number | null {
  return written.trim() === "" ? null : Number(written);
}

function listed<Value>(rows: readonly unknown[], make: () => Value): Value | null {
  return rows.length === 0 ? null : make();
}
