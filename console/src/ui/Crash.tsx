import { Button, Heading, Text } from "@radix-ui/themes";
import { Component, type ReactNode } from "react";
import { text } from "../text/text";

/** Instead of a blank page: what cannot be drawn is said, with the way out. */
export class Crash extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    if (!this.state.crashed) return this.props.children;
    return (
      <main className="narrow" role="alert">
        <Heading size="5">{text.crash.title}</Heading>
        <Text as="p">{text.crash.body}</Text>
        <Button onClick={() => location.reload()}>{text.crash.reload}</Button>
      </main>
    );
  }
}
