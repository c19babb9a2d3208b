import { Card, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";

interface FigureProps {
  label: string;
  children: ReactNode;
}

/** One number that matters, with its name. */
export function Figure({ label, children }: FigureProps) {
  return (
    <Card size="2">
      <Text as="p" size="2" color="gray">
        {label}
      </Text>
      <Text as="p" size="6" weight="bold" className="figure-value">
        {children}
      </Text>
    </Card>
  );
}
