import { Button, Spinner, Theme } from "@radix-ui/themes";
import { useMemo } from "react";
import { createApiClient } from "./api/client";
import type { ApiError } from "./api/error";
import { TalkPage } from "./session/TalkPage";
import { SignIn } from "./signin/SignIn";
import { useCredential } from "./signin/useCredential";
import { text } from "./text/text";
import { useAppearance } from "./theme/useAppearance";
import { Crash } from "./ui/Crash";
import { Wordmark } from "./ui/Wordmark";

export function App() {
  const appearance = useAppearance();
  const { access, signIn, signOut } = useCredential();
  return (
    <Theme
      appearance={appearance}
      accentColor="iris"
      grayColor="slate"
      radius="large"
      panelBackground="solid"
    >
      <header className="top">
        <Wordmark />
        {access.state === "in" && (
          <Button variant="ghost" color="gray" onClick={() => signOut()}>
            {text.app.signOut}
          </Button>
        )}
      </header>
      <Crash>
        {access.state === "asking" && (
          <main className="narrow waiting">
            <Spinner size="3" aria-label={text.app.loading} />
          </main>
        )}
        {access.state === "out" && <SignIn {...access} onSignIn={signIn} />}
        {access.state === "in" && <SignedIn credential={access.credential} onRefused={signOut} />}
      </Crash>
    </Theme>
  );
}

interface SignedInProps {
  credential: string;
  onRefused: (problem: ApiError) => void;
}

function SignedIn({ credential, onRefused }: SignedInProps) {
  const api = useMemo(() => createApiClient(credential), [credential]);
  return <TalkPage api={api} onRefused={onRefused} />;
}
