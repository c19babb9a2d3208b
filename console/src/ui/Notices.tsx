import { CheckCircledIcon, Cross2Icon } from "@radix-ui/react-icons";
import { IconButton, Text } from "@radix-ui/themes";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { useText } from "../text/useText";
import "./notices.css";

/** Long enough to be read twice; what must not be missed is no notice but part of its page. */
const SHOWN_MS = 6_000;

type Tell = (sentence: string) => void;

const NoticeContext = createContext<Tell>(() => undefined);

/** Tells that something was done, whatever page is shown by then. */
export function useNotice(): Tell {
  return useContext(NoticeContext);
}

/** The newest result of what the person did, to see and to hear. */
export function Notices({ children }: { children: ReactNode }) {
  const { app } = useText();
  const [notice, setNotice] = useState<{ sentence: string } | null>(null);
  const tell = useCallback((sentence: string) => setNotice({ sentence }), []);
  const dismiss = useCallback(() => setNotice(null), []);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <NoticeContext value={tell}>
      {children}
      <div className="notices" role="status">
        {notice && (
          <div className="notice">
            <CheckCircledIcon aria-hidden />
            <Text size="2">{notice.sentence}</Text>
            <IconButton
              variant="ghost"
              color="gray"
              size="1"
              aria-label={app.dismiss}
              onClick={dismiss}
            >
              <Cross2Icon aria-hidden />
            </IconButton>
          </div>
        )}
      </div>
    </NoticeContext>
  );
}
