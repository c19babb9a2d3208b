export interface PickerChoice {
  id: string;
  label: string;
  detail?: string;
  disabled?: boolean;
}

export interface PickerGroup {
  name: string;
  choices: readonly PickerChoice[];
}

/** Rows as choices, in groups in the order in which their names first come. */
export function grouped<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  choiceOf: (row: Row) => PickerChoice,
): PickerGroup[] {
  const names = [...new Set(rows.map(nameOf))];
  return names.map((name) => ({
    name,
    choices: rows.filter((row) => nameOf(row) === name).map(choiceOf),
  }));
}

/** The groups with the choices that hold the words, in whatever of them is read. */
export function matching(groups: readonly PickerGroup[], sought: string): PickerGroup[] {
  const words = sought.trim().toLowerCase();
  return groups
    .map(({ name, choices }) => ({
      name,
      choices: choices.filter(({ id, label, detail = "" }) =>
        [id, label, detail, name].some((read) => read.toLowerCase().includes(words)),
      ),
    }))
    .filter(({ choices }) => choices.length > 0);
}
