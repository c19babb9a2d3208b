import { Heading, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";
import "./empty.css";

interface EmptyStateProps {
  title: string;
  /** Why there is nothing, and what would bring something here. */
  body: string;
  /** The next step: a link or a button. */
  children?: ReactNode;
}

export function EmptyState({ title, body, children }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <Heading as="h2" size="4">
        {title}
      </Heading>
      <Text as="p" size="2" color="gray">
        {body}
      </Text>
      {children}
    </div>
  );
}
