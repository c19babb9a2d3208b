import { Pencil1Icon } from "@radix-ui/react-icons";
import { Button, Card, Heading } from "@radix-ui/themes";
import type { FormEvent } from "react";
import { useCatalog } from "../api/useCatalog";
import { useText } from "../text/useText";
import { MicrophoneIcon } from "../ui/MicrophoneIcon";
import { Problem } from "../ui/Problem";
import { AdvancedFields } from "./AdvancedFields";
import { BotNote } from "./BotNote";
import { CatalogFields } from "./CatalogFields";
import { CodeButton } from "./CodeButton";
import { type Draft, fitted, requestOf, withinLimits } from "./draft";
import { MicrophoneCheck } from "./MicrophoneCheck";
import { Steps } from "./Steps";
import { useTalking } from "./TalkProvider";
import { preloadCall } from "./useTalk";
import { VariableFields } from "./VariableFields";
import { WordFields } from "./WordFields";

/** Everything that a session can be told, of which nothing has to be. */
export function SessionForm() {
  const { form: text } = useText().talk;
  const { catalog, loading, problem: catalogProblem } = useCatalog();
  const { talk, draft: kept, setDraft, start } = useTalking();
  const { starting, problem } = talk;
  const draft = catalog === null ? kept : fitted(kept, catalog);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const errorFor = (param: string) => (problem?.param === param ? problem.message : null);
  const parts = { draft, errorFor, onChange: change };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(requestOf(draft), draft.microphoneId || null);
  };
  return (
    <form
      className="session-form"
      onFocus={preloadCall}
      onPointerEnter={preloadCall}
      onSubmit={submit}
    >
      <Card size="3" className="stack">
        <Heading as="h2" size="4">
          {text.agent}
        </Heading>
        <BotNote />
        <div className="catalog-fields">
          <CatalogFields catalog={catalog} loading={loading} {...parts} />
        </div>
        <WordFields {...parts} />
        <VariableFields {...parts} />
        <AdvancedFields {...parts} />
      </Card>
      <Card size="3" className="stack start">
        <Heading as="h2" size="4">
          {text.you}
        </Heading>
        <MicrophoneCheck
          value={draft.microphoneId}
          onChange={(microphoneId) => change({ microphoneId })}
        />
        {catalogProblem && <Problem error={catalogProblem} />}
        {problem && <Problem error={problem} />}
        <Button
          type="submit"
          size="4"
          loading={starting}
          disabled={loading || !withinLimits(draft)}
        >
          <MicrophoneIcon />
          {text.start}
        </Button>
        <Button
          type="button"
          size="3"
          variant="soft"
          disabled={starting || loading || !withinLimits(draft)}
          onClick={() => void start(requestOf(draft), "muted")}
        >
          <Pencil1Icon aria-hidden />
          {text.write}
        </Button>
        <CodeButton request={requestOf(draft)} />
        <Steps />
      </Card>
    </form>
  );
}
