/** What a version, or the draft, says. */
export interface Said {
  system_prompt: string | null;
  config: object;
}

/** A field that two of them do not have alike. */
export interface FieldChange {
  /** `system_prompt`, or `config.` and a field's name, as the API names them. */
  field: string;
  lines: readonly DiffLine[];
}

/** `gap`: so many lines that both have are left out. */
export type DiffLine =
  | { kind: "kept" | "removed" | "added"; text: string }
  | { kind: "gap"; count: number };

/** Lines that both have are shown so far around what changed. */
const AROUND = 2;
/** Beyond that many pairs of lines a text counts as written anew. */
const MOST_PAIRS = 4_000_000;

export function differenceOf(before: Said, after: Said): FieldChange[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  return names.flatMap((field) => {
    const lines = linesBetween(old.get(field) ?? [], fresh.get(field) ?? []);
    const isChanged = lines.some(({ kind }) => kind !== "kept");
    return isChanged ? [{ field, lines: folded(lines) }] : [];
  });
}

/** The lines of each field that is there. */
function fieldsOf({ system_prompt: prompt, config }: Said): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (prompt !== null && prompt !== "") found.set("system_prompt", prompt.split("\n"));
  for (const [name, value] of Object.entries(config)) {
    found.set(`config.${name}`, written(value).split("\n"));
  }
  return found;
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

type PlainLine = Exclude<DiffLine, { kind: "gap" }>;

const marked = (kind: PlainLine["kind"], lines: readonly string[]): PlainLine[] =>
  lines.map((text) => ({ kind, text }));

function linesBetween(before: readonly string[], after: readonly string[]): PlainLine[] {
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [
    ...marked("kept", before.slice(0, head)),
    ...changed(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...marked("kept", before.slice(before.length - tail)),
  ];
}

/** By the longest run of lines that both have in this order. */
function changed(before: readonly string[], after: readonly string[]): PlainLine[] {
  if (before.length * after.length > MOST_PAIRS) {
    return [...marked("removed", before), ...marked("added", after)];
  }
  const common = commonAfter(before, after);
  const lines: PlainLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push(...marked("kept", before.slice(i, i + 1)));
      i += 1;
      j += 1;
    } else if (at(common, i + 1, j) >= at(common, i, j + 1)) {
      lines.push(...marked("removed", before.slice(i, i + 1)));
      i += 1;
    } else {
      lines.push(...marked("added", after.slice(j, j + 1)));
      j += 1;
    }
  }
  return [...lines, ...marked("removed", before.slice(i)), ...marked("added", after.slice(j))];
}

const at = (common: readonly Uint16Array[], i: number, j: number) => common[i]?.[j] ?? 0;

/** How many lines both have in common from `[i]` and `[j]` on. */
function commonAfter(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const common = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = common[i] ?? new Uint16Array();
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] =
        before[i] === after[j]
          ? at(common, i + 1, j + 1) + 1
          : Math.max(at(common, i + 1, j), at(common, i, j + 1));
    }
  }
  return common;
}

/** Without the lines that both have, but for those around what changed. */
function folded(lines: readonly PlainLine[]): DiffLine[] {
  const isNear = (index: number) =>
    lines
      .slice(Math.max(0, index - AROUND), index + AROUND + 1)
      .some(({ kind }) => kind !== "kept");
  const shown: DiffLine[] = [];
  lines.forEach((line, index) => {
    const last = shown.at(-1);
    if (isNear(index)) shown.push(line);
    else if (last?.kind === "gap") shown[shown.length - 1] = { kind: "gap", count: last.count + 1 };
    else shown.push({ kind: "gap", count: 1 });
  });
  return shown;
}
