/**
 * Copies words; `false` where the browser lets no page do so.
 *
 * Outside of https and localhost there is no `navigator.clipboard`, only the older command, which
 * copies what is selected.
 */
export async function copyText(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copySelected(words);
  }
}

function copySelected(words: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = words;
  field.readOnly = true;
  field.className = "unseen";
  // All that is outside of an open dialog takes no focus.
  (focused?.closest("dialog") ?? document.body).append(field);
  try {
    field.focus();
    field.select();
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
