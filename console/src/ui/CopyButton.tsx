import { CheckIcon, CopyIcon } from "@radix-ui/react-icons";
import { Button } from "@radix-ui/themes";
import { useEffect, useState } from "react";
import { useText } from "../text/useText";
import { copyText } from "./clipboard";

const SAID_MS = 2_000;

interface CopyButtonProps {
  words: string;
  /** Where the browser does not let the page copy: the person has to. */
  onRefused?: () => void;
}

export function CopyButton({ words, onRefused }: CopyButtonProps) {
  const { app } = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (await copyText(words)) setCopied(true);
    else onRefused?.();
  };
  return (
    <Button type="button" variant="soft" onClick={() => void copy()}>
      {copied ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
      <span aria-live="polite">{copied ? app.copied : app.copy}</span>
    </Button>
  );
}
