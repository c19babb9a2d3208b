import { ClipboardCopyIcon, CodeIcon } from "@radix-ui/react-icons";
import { Button, Text } from "@radix-ui/themes";
import { useState } from "react";
import type { SessionRequest } from "../api/sessions";
import { useText } from "../text/useText";
import { copyText } from "../ui/clipboard";
import { Dialog } from "../ui/Dialog";
import "../ui/code.css";
import { CODE_LANGUAGES, type CodeLanguage, codeOf } from "./code";

/** Opens the program that would start the same session. */
export function CodeButton({ request }: { request: SessionRequest }) {
  const { code: text } = useText().talk;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="button" variant="ghost" color="gray" onClick={() => setOpen(true)}>
        <CodeIcon aria-hidden />
        {text.open}
      </Button>
      {open && (
        <Dialog title={text.title} onClose={() => setOpen(false)}>
          <Code request={request} />
        </Dialog>
      )}
    </>
  );
}

function Code({ request }: { request: SessionRequest }) {
  const { code: text } = useText().talk;
  const [language, setLanguage] = useState<CodeLanguage>("curl");
  const code = codeOf(language, location.origin, request);
  const [result, setResult] = useState("");
  const copy = async () => setResult((await copyText(code)) ? text.copied : text.notCopied);
  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/useSemanticElements: three buttons are no form, so no fieldset */}
      <div className="row" role="group" aria-label={text.language}>
        {CODE_LANGUAGES.map(({ id, name }) => (
          <Button
            key={id}
            type="button"
            variant={id === language ? "solid" : "soft"}
            color={id === language ? undefined : "gray"}
            aria-pressed={id === language}
            onClick={() => setLanguage(id)}
          >
            {name}
          </Button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key */}
      <pre className="code" tabIndex={0}>
        {code}
      </pre>
      <Button type="button" size="3" onClick={() => void copy()}>
        <ClipboardCopyIcon aria-hidden />
        {text.copy}
      </Button>
      <Text as="p" size="2" color="gray" role="status" className="code-result">
        {result}
      </Text>
    </div>
  );
}
