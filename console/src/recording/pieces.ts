/** A part of a recording that can be decoded by itself, and when it begins. */
export interface Piece {
  file: Uint8Array<ArrayBuffer>;
  fromMs: number;
}

/** Positions in Opus count at this rate. */
const RATE_HZ = 48_000;
const CAPTURE = "OggS";
const HEADER_BYTES = 27;
const [TYPE_AT, POSITION_AT, CHECKSUM_AT, COUNT_AT] = [5, 6, 22, 26];
/** Of a page's type: its first packet began on the page before. */
const GOES_ON = 1;
/** What every piece begins with: what the codec has to know, and comments. */
const HEADS = 2;

interface Page {
  bytes: Uint8Array;
  /** Where its last packet ends. */
  position: number;
  goesOn: boolean;
}

/**
 * Cuts Opus in Ogg (RFC 3533, RFC 7845) between pages into files of some `lengthMs` each: a browser
 * that decodes an hour at once needs more than a gigabyte for it.
 *
 *     head │ tags │ page │ page │ page │ page    ──▶   head │ tags │ page │ page,  head │ tags │ …
 */
export function* piecesOf(file: Uint8Array, lengthMs: number): Generator<Piece> {
  const pages = pagesOf(file);
  const heads = pages.slice(0, HEADS).map(({ bytes }) => bytes);
  let [begun, end] = [0, 0];
  let kept: Uint8Array[] = [];
  for (const page of pages.slice(HEADS)) {
    if (end - begun >= (lengthMs * RATE_HZ) / 1_000 && !page.goesOn) {
      yield { file: joined([...heads, ...kept]), fromMs: (begun * 1_000) / RATE_HZ };
      [begun, kept] = [end, []];
    }
    kept.push(moved(page, begun));
    end = Math.max(end, page.position);
  }
  yield { file: joined([...heads, ...kept]), fromMs: (begun * 1_000) / RATE_HZ };
}

/** Up to where the file is none. */
function pagesOf(file: Uint8Array): Page[] {
  const pages: Page[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  while (at + HEADER_BYTES <= file.length && hasCapture(file, at)) {
    const sizes = file.subarray(
      at + HEADER_BYTES,
      at + HEADER_BYTES + view.getUint8(at + COUNT_AT),
    );
    const size = sizes.reduce((sum, each) => sum + each, HEADER_BYTES + sizes.length);
    pages.push({
      bytes: file.subarray(at, at + size),
      position: Number(view.getBigInt64(at + POSITION_AT, true)),
      goesOn: (view.getUint8(at + TYPE_AT) & GOES_ON) !== 0,
    });
    at += size;
  }
  return pages;
}

function hasCapture(file: Uint8Array, at: number): boolean {
  return String.fromCharCode(...file.subarray(at, at + CAPTURE.length)) === CAPTURE;
}

/** As it is in a stream that begins so much later; a page in which no packet ends stays as it is. */
function moved({ bytes, position }: Page, by: number): Uint8Array {
  if (position < 0) return bytes;
  const page = bytes.slice();
  const view = new DataView(page.buffer);
  view.setBigInt64(POSITION_AT, BigInt(position - by), true);
  view.setUint32(CHECKSUM_AT, 0);
  view.setUint32(CHECKSUM_AT, checksum(page), true);
  return page;
}

/** Ogg's: polynomial 0x04c11db7, nothing turned around. */
function checksum(page: Uint8Array): number {
  return page.reduce((sum, byte) => (sum << 8) ^ (TABLE[((sum >>> 24) ^ byte) & 0xff] ?? 0), 0);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ (rest < 0 ? 0x04c11db7 : 0);
  return rest;
});

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
