import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { type Texts, useText } from "../text/useText";
import { Page } from "../ui/Page";
import "./setup.css";

interface SetupPageProps {
  title: string;
  lead?: string;
  actions?: ReactNode;
  children: ReactNode;
}

const PARTS: readonly { path: string; name: (text: Texts) => string }[] = [
  { path: "/setup/keys", name: (text) => text.keys.title },
  { path: "/setup/webhooks", name: (text) => text.webhooks.title },
  { path: "/setup/credits", name: (text) => text.credits.title },
  { path: "/setup/doctor", name: (text) => text.doctor.title },
];

/** A page of the set-up, with the way to the others. */
export function SetupPage(props: SetupPageProps) {
  return <Page {...props} nav={<SetupNavigation />} />;
}

function SetupNavigation() {
  const text = useText();
  const [location] = useLocation();
  return (
    <nav className="setup-nav" aria-label={text.setup.title}>
      <ul>
        {PARTS.map(({ path, name }) => (
          <li key={path}>
            {location.startsWith(path) ? (
              <Link href={path} aria-current="page" ref={bringIntoView}>
                {name(text)}
              </Link>
            ) : (
              <Link href={path}>{name(text)}</Link>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** On a phone the row is longer than the screen. */
function bringIntoView(link: HTMLElement | null) {
  link?.scrollIntoView({ block: "nearest", inline: "center" });
}
