import { Button } from "@radix-ui/themes";
import { Link } from "wouter";
import { useText } from "../text/useText";
import { Page } from "../ui/Page";

export function Missing() {
  const { missing } = useText().app;
  return (
    <Page title={missing.title} lead={missing.body}>
      <Button asChild size="3" className="own-width">
        <Link href="/">{missing.home}</Link>
      </Button>
    </Page>
  );
}
