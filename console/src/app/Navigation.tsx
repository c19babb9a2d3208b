import { useSyncExternalStore } from "react";
import { Link, useLocation } from "wouter";
import { useTalking } from "../talk/TalkProvider";
import { useText } from "../text/useText";
import { SECTIONS } from "./pageMap";

export function Navigation() {
  const text = useText();
  const [location] = useLocation();
  return (
    <nav aria-label={text.app.pages}>
      <ul>
        {SECTIONS.map(({ path, name }) => (
          <li key={path}>
            <Link href={path} aria-current={isWithin(location, path) ? "page" : undefined}>
              {name(text)}
              {path === "/" && <LiveMark />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Tells on every page that a conversation is going on. */
function LiveMark() {
  const { app } = useText();
  const { call } = useTalking().talk;
  const isLive = useSyncExternalStore(
    call?.subscribe ?? NEVER,
    () => call !== null && call.view().end === null,
  );
  return isLive && <span className="live-mark" role="img" aria-label={app.live} />;
}

const NEVER = () => () => undefined;

function isWithin(location: string, path: string): boolean {
  return path === "/" ? location === "/" : `${location}/`.startsWith(`${path}/`);
}
