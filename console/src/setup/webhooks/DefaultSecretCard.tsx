import { Button, Card, Code, Heading, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { useApi } from "../../api/useApi";
import { useChange } from "../../api/useChange";
import { rotateDefaultSecret } from "../../api/webhooks";
import { useText } from "../../text/useText";
import { Confirm } from "../../ui/Confirm";
import { Moment } from "../../ui/Moment";
import { useShownOnce } from "../../ui/ShownOnce";
import { defaultSecretQuery } from "./queries";

/** What signs deliveries to the URLs that sessions bring along; nothing where it may not be read. */
export function DefaultSecretCard() {
  const { webhooks: text } = useText();
  const { data } = useQuery(defaultSecretQuery(useApi()));
  const [rotating, setRotating] = useState(false);
  if (!data) return null;
  return (
    <Card size="2">
      <div className="stack">
        <div>
          <Heading as="h2" size="4">
            {text.default.title}
          </Heading>
          <Text as="p" size="2" color="gray">
            {text.default.lead}
          </Text>
        </div>
        <Text as="p" size="2">
          <Code>{data.secret}</Code>{" "}
          <Text color="gray">
            {text.default.since} <Moment at={data.created_at} />
          </Text>
        </Text>
        <div className="row">
          <Button variant="soft" onClick={() => setRotating(true)}>
            {text.default.rotate.open}
          </Button>
          <Button asChild variant="ghost">
            <Link href="/setup/webhooks/sessions">{text.default.log}</Link>
          </Button>
        </div>
      </div>
      {rotating && <RotateDefault onClose={() => setRotating(false)} />}
    </Card>
  );
}

function RotateDefault({ onClose }: { onClose: () => void }) {
  const { webhooks: text } = useText();
  const show = useShownOnce();
  const rotate = useChange({
    send: (api) => rotateDefaultSecret(api),
    stale: ["webhooks", "default-secret"],
    onDone: ({ secret }) => {
      onClose();
      show({ title: text.default.title, warning: text.secret.once, secret });
    },
  });
  return (
    <Confirm
      title={text.default.rotate.title}
      body={text.default.rotate.body}
      action={text.rotate.submit}
      change={rotate}
      onClose={onClose}
    />
  );
}
