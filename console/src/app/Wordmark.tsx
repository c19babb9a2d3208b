import { Link } from "wouter";
import { useText } from "../text/useText";

export function Wordmark() {
  const { app } = useText();
  return (
    <Link href="/" className="wordmark">
      <svg viewBox="0 0 32 32" width="22" height="22" fill="currentColor" aria-hidden="true">
        <rect x="3" y="12" width="4" height="8" rx="2" />
        <rect x="10" y="6" width="4" height="20" rx="2" />
        <rect x="17" y="9" width="4" height="14" rx="2" />
        <rect x="24" y="13" width="4" height="6" rx="2" />
      </svg>
      {app.name}
    </Link>
  );
}
