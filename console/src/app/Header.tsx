import type { ReactNode } from "react";
import { useText } from "../text/useText";
import "./header.css";
import { Preferences } from "./Preferences";
import { Wordmark } from "./Wordmark";

interface HeaderProps {
  /** Where to go, for those who may go anywhere. */
  navigation?: ReactNode;
  signOut?: ReactNode;
}

export function Header({ navigation, signOut }: HeaderProps) {
  const { app } = useText();
  return (
    <header className="top">
      <a className="skip" href="#content">
        {app.skip}
      </a>
      <Wordmark />
      {navigation}
      <div className="top-tools">
        <Preferences />
        {signOut}
      </div>
    </header>
  );
}
