import { Card, Heading, Text } from "@radix-ui/themes";
import { text } from "../text/text";
import "./transcript.css";

/** What will be here, said before there is anything to show. */
export function EmptyConversation() {
  return (
    <Card size="2" asChild>
      <section className="empty" aria-label={text.empty.title}>
        <Heading as="h2" size="5">
          {text.empty.title}
        </Heading>
        <ol>
          {text.empty.steps.map((step) => (
            <Text key={step} as="p" size="3" color="gray" asChild>
              <li>{step}</li>
            </Text>
          ))}
        </ol>
      </section>
    </Card>
  );
}
