import { Card, Heading } from "@radix-ui/themes";
import { useText } from "../text/useText";
import { Wave } from "../ui/Wave";
import "./transcript.css";

/** What will be here, said before there is anything to show. */
export function EmptyConversation() {
  const text = useText();
  return (
    <Card size="2" asChild>
      <section className="empty" aria-label={text.talk.empty.title}>
        <Wave />
        <Heading as="h2" size="6">
          {text.talk.empty.title}
        </Heading>
        <ol>
          {text.talk.empty.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
    </Card>
  );
}
