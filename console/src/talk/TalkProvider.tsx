import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from "react";
import { type Draft, FIRST_DRAFT } from "./draft";
import { loadLivePanel, type TalkControls, useTalk } from "./useTalk";

const CallSound = lazy(async () => ({ default: (await loadLivePanel()).CallSound }));

interface Talking extends TalkControls {
  draft: Draft;
  setDraft: (draft: Draft) => void;
}

const TalkContext = createContext<Talking | null>(null);

/** Keeps a conversation and the next one's form while other pages are looked at. */
export function TalkProvider({ children }: { children: ReactNode }) {
  const controls = useTalk();
  const [draft, setDraft] = useState<Draft>(FIRST_DRAFT);
  const { call } = controls.talk;
  return (
    <TalkContext value={{ ...controls, draft, setDraft }}>
      {children}
      {call && (
        <Suspense>
          <CallSound call={call} />
        </Suspense>
      )}
    </TalkContext>
  );
}

export function useTalking(): Talking {
  const talking = useContext(TalkContext);
  if (talking === null) throw new Error("no TalkProvider above");
  return talking;
}
