import { ExclamationTriangleIcon } from "@radix-ui/react-icons";
import { Button, Callout, Text } from "@radix-ui/themes";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { useText } from "../text/useText";
import { CopyButton } from "./CopyButton";
import { Dialog } from "./Dialog";

export interface Secret {
  title: string;
  /** What it is for, and that it is not shown again. */
  warning: string;
  secret: string;
}

const ShownOnceContext = createContext<(secret: Secret) => void>(() => undefined);

/** Shows a secret that the API tells once, until the person says that they have stored it. */
export function useShownOnce(): (secret: Secret) => void {
  return useContext(ShownOnceContext);
}

/** Above the pages: going back in the browser, or losing the sign-in, loses no secret. */
export function ShownOnce({ children }: { children: ReactNode }) {
  const [secret, setSecret] = useState<Secret | null>(null);
  const show = useCallback((told: Secret) => setSecret(told), []);
  return (
    <ShownOnceContext value={show}>
      {children}
      {secret && <SecretDialog {...secret} onStored={() => setSecret(null)} />}
    </ShownOnceContext>
  );
}

function SecretDialog({ title, warning, secret, onStored }: Secret & { onStored: () => void }) {
  const { once } = useText().app;
  const shown = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    window.addEventListener("beforeunload", askFirst);
    return () => window.removeEventListener("beforeunload", askFirst);
  }, []);
  const select = () => {
    setRefused(true);
    shown.current?.select();
  };
  return (
    <Dialog title={title} onClose={null}>
      <div className="stack">
        <Callout.Root color="amber" size="1">
          <Callout.Icon>
            <ExclamationTriangleIcon />
          </Callout.Icon>
          <Callout.Text>{warning}</Callout.Text>
        </Callout.Root>
        <div className="secret">
          <input
            ref={shown}
            readOnly
            aria-label={title}
            value={secret}
            spellCheck={false}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton words={secret} onRefused={select} />
        </div>
        {refused && (
          <Text as="p" size="2" color="gray" role="status">
            {once.notCopied}
          </Text>
        )}
        <Button className="own-width" onClick={onStored}>
          {once.saved}
        </Button>
      </div>
    </Dialog>
  );
}

function askFirst(event: BeforeUnloadEvent) {
  event.preventDefault();
}
