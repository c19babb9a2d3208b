import type { BotTool } from "../api/bots";
import { lineId } from "./lineId";

/** The form of one tool as it stands. */
export interface ToolDraft {
  id: string;
  name: string;
  description: string;
  url: string;
  /** JSON; empty: it takes none. */
  parameters: string;
  /** A header a line, `Name: value`. */
  headers: string;
  timeout: string;
  sayWhileWaiting: string;
}

export function newTool(): ToolDraft {
  return {
    id: lineId(),
    name: "",
    description: "",
    url: "",
    parameters: "",
    headers: "",
    timeout: "",
    sayWhileWaiting: "",
  };
}

export function toolDraftOf(tool: BotTool): ToolDraft {
  return {
    id: lineId(),
    name: tool.name,
    description: tool.description,
    url: tool.url,
    parameters: tool.parameters ? JSON.stringify(tool.parameters, null, 2) : "",
    headers: Object.entries(tool.headers ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    timeout: tool.timeout_s === undefined ? "" : String(tool.timeout_s),
    sayWhileWaiting: tool.say_while_waiting ?? "",
  };
}

/** What is left blank is left out. The draft must be complete. */
export function toolOf(draft: ToolDraft): BotTool {
  const tool: BotTool = {
    name: draft.name.trim(),
    description: draft.description.trim(),
    url: draft.url.trim(),
  };
  if (draft.parameters.trim() !== "") tool.parameters = JSON.parse(draft.parameters);
  const headers = headersOf(draft.headers);
  if (headers !== null && Object.keys(headers).length > 0) tool.headers = headers;
  if (draft.timeout.trim() !== "") tool.timeout_s = Number(draft.timeout);
  if (draft.sayWhileWaiting.trim() !== "") tool.say_while_waiting = draft.sayWhileWaiting.trim();
  return tool;
}

export function isCompleteTool(draft: ToolDraft): boolean {
  const written = [draft.name, draft.description, draft.url];
  return (
    written.every((words) => words.trim() !== "") &&
    isObject(draft.parameters) &&
    headersOf(draft.headers) !== null
  );
}

/** Whether it is the JSON of an object, or empty; what is in it, the API judges. */
export function isObject(json: string): boolean {
  if (json.trim() === "") return true;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** `null` where a line is no header. */
export function headersOf(lines: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const line of lines.split("\n").filter((each) => each.trim() !== "")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (colon < 1 || name === "" || value === "") return null;
    headers[name] = value;
  }
  return headers;
}
