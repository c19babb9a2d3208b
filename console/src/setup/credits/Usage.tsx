import { Heading, Skeleton } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { UsageSummary } from "../../api/usage";
import { useApi } from "../../api/useApi";
import { useText } from "../../text/useText";
import { Problem } from "../../ui/Problem";
import { useFigure } from "../../ui/useFigure";
import { credits } from "../amount";
import { Figure } from "./Figure";
import { usageQuery } from "./queries";
import { SpendingChart } from "./SpendingChart";

const SPANS = [7, 30, 90] as const;

/** How much was used of late, and what it cost by service. */
export function Usage() {
  const { credits: text } = useText();
  const [days, setDays] = useState<(typeof SPANS)[number]>(30);
  const { data, error, refetch, isPlaceholderData } = useQuery(usageQuery(useApi(), days));
  return (
    <section className="stack" aria-labelledby="usage">
      <div className="page-head">
        <Heading as="h2" size="5" id="usage">
          {text.usage.title}
        </Heading>
        <fieldset className="spans" aria-label={text.usage.span}>
          {SPANS.map((span) => (
            <label key={span}>
              <input
                type="radio"
                name="span"
                checked={span === days}
                onChange={() => setDays(span)}
              />
              {text.usage.days(span)}
            </label>
          ))}
        </fieldset>
      </div>
      {error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="stack" aria-busy={isPlaceholderData}>
          <Figures of={data} />
          {data && <SpendingChart items={data.items} />}
        </div>
      )}
    </section>
  );
}

function Figures({ of: usage }: { of: UsageSummary | undefined }) {
  const { usage: text } = useText().credits;
  const figure = useFigure();
  const told = [
    { label: text.spent, value: usage && credits(usage.credits) },
    { label: text.sessions, value: usage && figure(usage.sessions) },
    { label: text.turns, value: usage && figure(usage.turns) },
    { label: text.minutes, value: usage && figure(usage.audio_seconds / 60, 1) },
  ];
  return (
    <div className="figures">
      {told.map(({ label, value }) => (
        <Figure key={label} label={label}>
          {value ?? <Skeleton>1,000</Skeleton>}
        </Figure>
      ))}
    </div>
  );
}
