import { Card, Heading } from "@radix-ui/themes";
import { text } from "../text/text";
import { Wave } from "../ui/Wave";
import "./transcript.css";

/** What will be here, said before there is anything to show. */
export function EmptyConversation() {
  return (
    <Card size="2" asChild>
      <section className="empty" aria-label={text.empty.title}>
        <Wave />
        <Heading as="h2" size="6">
          {text.empty.title}
        </Heading>
        <ol>
          {text.empty.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
    </Card>
  );
}
