import { Button } from "@radix-ui/themes";
import { Component, type ReactNode } from "react";
import { ApiError } from "../api/error";
import { PART_MISSING } from "../app/part";
import { useText } from "../text/useText";
import { Page } from "./Page";

/** Instead of a blank page: what cannot be drawn is said, with the way out. */
export class Crash extends Component<{ children: ReactNode }, CrashState> {
  override state: CrashState = { cause: null };

  static getDerivedStateFromError(cause: unknown): CrashState {
    return { cause: { isMissing: cause instanceof ApiError && cause.code === PART_MISSING } };
  }

  override render() {
    const { cause } = this.state;
    return cause ? <Crashed {...cause} /> : this.props.children;
  }
}

/** `isMissing`: the server has not what the page consists of. */
interface CrashState {
  cause: { isMissing: boolean } | null;
}

function Crashed({ isMissing }: { isMissing: boolean }) {
  const { crash, problem } = useText().app;
  const lead = isMissing ? problem.own.part_missing : crash.body;
  return (
    <Page title={isMissing ? crash.missing : crash.title} lead={lead}>
      <Button size="3" className="own-width" onClick={() => location.reload()}>
        {crash.reload}
      </Button>
    </Page>
  );
}
