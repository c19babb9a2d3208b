import { useText } from "../text/useText";
import { copyText } from "../ui/clipboard";
import { useNotice } from "../ui/Notices";

/** Copies an address, and tells whether that was possible. */
export function useShare(): (address: string) => Promise<void> {
  const { copy: text } = useText().session;
  const tell = useNotice();
  return async (address) => tell((await copyText(address)) ? text.done : text.refused);
}
