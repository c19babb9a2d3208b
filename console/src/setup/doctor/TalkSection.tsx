import { Button, Callout } from "@radix-ui/themes";
import { useMutation } from "@tanstack/react-query";
import { holdTalk, type Talk } from "../../api/status";
import { useApi } from "../../api/useApi";
import { ListTable } from "../../lists/ListTable";
import { useText } from "../../text/useText";
import { DASH, formatMilliseconds } from "../../ui/duration";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";

/** One short conversation with the providers, when it is asked for: it costs what a turn costs. */
export function TalkSection() {
  const { talk: text } = useText().doctor;
  const api = useApi();
  const { data, error, isPending, mutate } = useMutation({ mutationFn: () => holdTalk(api) });
  const start = (
    <Button variant="soft" loading={isPending} onClick={() => mutate()}>
      {text.start}
    </Button>
  );
  return (
    <Section title={text.title} aside={start}>
      {error && <Problem error={error} />}
      {data ? <Held talk={data} /> : <p>{text.lead}</p>}
    </Section>
  );
}

function Held({ talk }: { talk: Talk }) {
  const { talk: text } = useText().doctor;
  const { stages, habits } = text;
  const rows = [
    [text.model, talk.model || DASH],
    [text.heard, talk.heard ?? DASH],
    [text.answer, talk.answer ?? DASH],
    [stages.recognition, formatMilliseconds(talk.recognition_ms)],
    [stages.firstToken, formatMilliseconds(talk.first_token_ms)],
    [stages.voice, formatMilliseconds(talk.voice_ms)],
    [stages.total, formatMilliseconds(talk.total_ms)],
    [text.punctuation, talk.punctuation ? habits[talk.punctuation] : DASH],
  ];
  return (
    <>
      <ListTable label={text.title} columns={[text.what, text.found]}>
        {rows.map(([what, found]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td data-label={text.found} className="words">
              {found}
            </td>
          </tr>
        ))}
      </ListTable>
      {[...talk.quirks, ...talk.advice].map((told) => (
        <Callout.Root key={told} color={talk.ok ? "amber" : "red"} highContrast>
          <Callout.Text>{told}</Callout.Text>
        </Callout.Root>
      ))}
    </>
  );
}
