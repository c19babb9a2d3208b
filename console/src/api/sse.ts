/** One server-sent event. */
export interface StreamEvent {
  /** `null` in a stream whose events have no place to resume from. */
  id: string | null;
  name: string;
  data: string;
}

/**
 * Reads `text/event-stream` as it comes in, cut anywhere; gives back the events that are whole.
 * Comments, and fields that the API does not send, are passed over.
 */
export function createEventParser(): (text: string) => StreamEvent[] {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.map(readBlock).filter((event) => event !== null);
  };
}

function readBlock(block: string): StreamEvent | null {
  const data: string[] = [];
  let id: string | null = null;
  let name = "message";
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "id") id = value;
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { id, name, data: data.join("\n") };
}
