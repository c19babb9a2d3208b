import { Button } from "@radix-ui/themes";
import { Component, type ReactNode } from "react";
import { useText } from "../text/useText";
import { Page } from "./Page";

/** Instead of a blank page: what cannot be drawn is said, with the way out. */
export class Crash extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { crash } = useText().app;
  return (
    <Page title={crash.title} lead={crash.body}>
      <Button size="3" className="own-width" onClick={() => location.reload()}>
        {crash.reload}
      </Button>
    </Page>
  );
}
