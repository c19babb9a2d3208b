import { describe, expect, it } from "vitest";
import { createEventParser } from "./sse";

describe("the reader of server-sent events", () => {
  it("puts together what the network cut", () => {
    const read = createEventParser();
    expect(read("id: 7\nevent: tu")).toEqual([]);
    expect(read('rn\ndata: {"turn_index":1}\n')).toEqual([]);
    expect(read("\nid: 8\nevent: end\ndata: {}\n\n")).toEqual([
      { id: "7", name: "turn", data: '{"turn_index":1}' },
      { id: "8", name: "end", data: "{}" },
    ]);
  });

  it("passes over comments", () => {
    expect(createEventParser()(": still here\n\nevent: list\ndata: {}\n\n")).toEqual([
      { id: null, name: "list", data: "{}" },
    ]);
  });

  it("keeps what looks like a field inside of the data", () => {
    const [event] = createEventParser()('data: {"text":"id: 5, data: x"}\n\n');
    expect(event?.data).toBe('{"text":"id: 5, data: x"}');
  });

  it("reads a proxy's line ends, and data of several lines", () => {
    const [event] = createEventParser()("data: one\r\ndata: two\r\n\r\n");
    expect(event).toEqual({ id: null, name: "message", data: "one\ntwo" });
  });
});
