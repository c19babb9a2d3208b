import { ExitIcon } from "@radix-ui/react-icons";
import { IconButton } from "@radix-ui/themes";
import { Link, useLocation } from "wouter";
import { useText } from "../text/useText";
import { Preferences } from "./Preferences";
import { SECTIONS } from "./pageMap";
import { Wordmark } from "./Wordmark";
import "./header.css";

/** `onSignOut` is `null` while nobody is signed in: there is nothing to lead to then. */
export function Header({ onSignOut }: { onSignOut: (() => void) | null }) {
  const { app } = useText();
  return (
    <header className="top">
      <a className="skip" href="#content">
        {app.skip}
      </a>
      <Wordmark />
      {onSignOut && <Navigation />}
      <div className="top-tools">
        <Preferences />
        {onSignOut && (
          <IconButton
            variant="ghost"
            color="gray"
            size="2"
            aria-label={app.signOut}
            title={app.signOut}
            onClick={onSignOut}
          >
            <ExitIcon aria-hidden />
          </IconButton>
        )}
      </div>
    </header>
  );
}

function Navigation() {
  const text = useText();
  const [location] = useLocation();
  return (
    <nav aria-label={text.app.pages}>
      <ul>
        {SECTIONS.map(({ path, name }) => (
          <li key={path}>
            <Link href={path} aria-current={isWithin(location, path) ? "page" : undefined}>
              {name(text)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isWithin(location: string, path: string): boolean {
  return path === "/" ? location === "/" : `${location}/`.startsWith(`${path}/`);
}
