import { DownloadIcon, TargetIcon } from "@radix-ui/react-icons";
import { Button, Code, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useApi } from "../api/useApi";
import { useText } from "../text/useText";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Problem } from "../ui/Problem";
import { SkeletonRows } from "../ui/SkeletonRows";
import { saveFile } from "../ui/saveFile";
import { evalCaseQuery } from "./queries";
import "../ui/code.css";

/** Makes a case for `vaarta eval` of a conversation, to be copied or saved. */
export function MakeCase({ sessionId }: { sessionId: string }) {
  const { evalCase: text } = useText().session;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="soft" color="gray" className="own-width" onClick={() => setOpen(true)}>
        <TargetIcon aria-hidden />
        {text.open}
      </Button>
      {open && (
        <Dialog title={text.title} onClose={() => setOpen(false)}>
          <Made sessionId={sessionId} />
        </Dialog>
      )}
    </>
  );
}

function Made({ sessionId }: { sessionId: string }) {
  const { evalCase: text } = useText().session;
  const { data, error, isPending } = useQuery(evalCaseQuery(useApi(), sessionId));
  return (
    <div className="stack">
      <Text as="p" size="2">
        {text.lead} <Code>vaarta eval session.toml</Code>
      </Text>
      {isPending && <SkeletonRows count={6} />}
      {error && <Problem error={error} />}
      {data !== undefined && <Suite suite={data} name={`session-${sessionId}.toml`} />}
    </div>
  );
}

function Suite({ suite, name }: { suite: string; name: string }) {
  const text = useText();
  const shown = useRef<HTMLPreElement>(null);
  const [refused, setRefused] = useState(false);
  const select = () => {
    setRefused(true);
    if (shown.current) getSelection()?.selectAllChildren(shown.current);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by key */}
      <pre className="code" tabIndex={0} ref={shown}>
        {suite}
      </pre>
      <div className="row">
        <CopyButton words={suite} onRefused={select} />
        <Button
          variant="soft"
          onClick={() => saveFile(new Blob([suite], { type: "application/toml" }), name)}
        >
          <DownloadIcon aria-hidden />
          {text.session.evalCase.save}
        </Button>
      </div>
      <Text as="p" size="2" color="gray" role="status">
        {refused && text.app.once.notCopied}
      </Text>
    </>
  );
}
