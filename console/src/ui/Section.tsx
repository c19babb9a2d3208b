import { Card, Heading } from "@radix-ui/themes";
import { type ReactNode, useId } from "react";
import "./section.css";

interface SectionProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a page, in a frame of its own. */
export function Section({ title, aside, children }: SectionProps) {
  const id = useId();
  return (
    <Card size="2" asChild>
      <section className="section" aria-labelledby={id}>
        <div className="section-head">
          <Heading as="h2" size="4" id={id}>
            {title}
          </Heading>
          {aside}
        </div>
        {children}
      </section>
    </Card>
  );
}
