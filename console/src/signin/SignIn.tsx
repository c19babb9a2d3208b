import { Button, Card, Heading, Text, TextField } from "@radix-ui/themes";
import { type FormEvent, useState } from "react";
import { createApiClient } from "../api/client";
import { checkCredential } from "../api/console";
import { ApiError } from "../api/error";
import { useText } from "../text/useText";
import { Field } from "../ui/Field";
import { Problem } from "../ui/Problem";
import { useTitle } from "../ui/useTitle";

interface SignInProps {
  problem: ApiError | null;
  hasLocal: boolean;
  onSignIn: (credential: string) => void;
  onSignInLocally: () => void;
}

export function SignIn(props: SignInProps) {
  const { problem: firstProblem, hasLocal, onSignIn, onSignInLocally } = props;
  const text = useText();
  useTitle(text.app.signIn.title);
  const [pasted, setPasted] = useState("");
  const [checking, setChecking] = useState(false);
  const [problem, setProblem] = useState(firstProblem);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const credential = pasted.trim();
    setChecking(true);
    try {
      await checkCredential(createApiClient(credential));
      onSignIn(credential);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error);
      setChecking(false);
    }
  };

  return (
    <main className="narrow" id="content" tabIndex={-1}>
      <Card size="3">
        <form className="stack" onSubmit={submit}>
          <Heading as="h1" size="6">
            {text.app.signIn.title}
          </Heading>
          <Text as="p" size="2" color="gray">
            {text.app.signIn.intro}
          </Text>
          <Field label={text.app.signIn.credential} hint={text.app.signIn.credentialHint}>
            {(control) => (
              <TextField.Root
                {...control}
                type="password"
                autoComplete="off"
                required
                size="3"
                value={pasted}
                onChange={(event) => setPasted(event.target.value)}
              />
            )}
          </Field>
          {problem !== null && <Problem error={problem} />}
          <Button type="submit" size="3" loading={checking} disabled={pasted.trim() === ""}>
            {text.app.signIn.submit}
          </Button>
          {hasLocal && (
            <Button type="button" variant="soft" size="3" onClick={onSignInLocally}>
              {text.app.signIn.useLocal}
            </Button>
          )}
        </form>
      </Card>
    </main>
  );
}
