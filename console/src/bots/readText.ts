import { DOCUMENT_LIMIT } from "../api/bots";

/** No code point takes more bytes in UTF-8. */
const MOST_BYTES = 4 * DOCUMENT_LIMIT;

/** A file's text; `null` for one that is larger than any document, or no text in UTF-8. */
export async function readText(file: Blob): Promise<string | null> {
  if (file.size > MOST_BYTES) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}
