import { Theme } from "@radix-ui/themes";
import { useEffect } from "react";
import { Router } from "wouter";
import { SignIn } from "../signin/SignIn";
import { useCredential } from "../signin/useCredential";
import { TalkProvider } from "../talk/TalkProvider";
import { language } from "../text/language";
import { Crash } from "../ui/Crash";
import { Notices } from "../ui/Notices";
import { useRemembered } from "../ui/remembered";
import { ShownOnce } from "../ui/ShownOnce";
import { useShade } from "./appearance";
import { Header } from "./Header";
import { Navigation } from "./Navigation";
import { Pages } from "./Pages";
import { SignedIn } from "./SignedIn";
import { SignOut } from "./SignOut";

/** Where `control_api` serves the console. */
const BASE = "/console";

export function App() {
  const { access, signIn, signInLocally, signOut } = useCredential();
  const shade = useShade();
  const spoken = useRemembered(language);
  useEffect(() => void document.documentElement.setAttribute("lang", spoken), [spoken]);
  useEffect(() => void document.documentElement.setAttribute("data-shade", shade), [shade]);
  return (
    <Theme
      appearance={shade}
      accentColor="iris"
      grayColor="slate"
      radius="large"
      panelBackground="solid"
    >
      <Router base={BASE}>
        <Notices>
          <ShownOnce>
            {access.state !== "in" && <Header />}
            <Crash>
              {access.state === "asking" && <main className="page" aria-busy="true" />}
              {access.state === "out" && (
                <SignIn {...access} onSignIn={signIn} onSignInLocally={signInLocally} />
              )}
              {access.state === "in" && (
                <SignedIn credential={access.credential} onSignOut={signOut}>
                  <TalkProvider>
                    <Header
                      navigation={<Navigation />}
                      signOut={<SignOut onSignOut={() => signOut()} />}
                    />
                    <Pages />
                  </TalkProvider>
                </SignedIn>
              )}
            </Crash>
          </ShownOnce>
        </Notices>
      </Router>
    </Theme>
  );
}
