import { Badge, Code, Text } from "@radix-ui/themes";
import type { Fault, Passage, ToolCall, Turn } from "../api/turn";
import { useText } from "../text/useText";
import { formatMilliseconds } from "../ui/duration";
import { useFaultName } from "./useFaultName";
import "./record.css";

/** What happened in a turn, in its place: to be opened where there is more to it than a line. */
export function TurnRecord({ turn }: { turn: Turn }) {
  const { record: text } = useText();
  const { tool_calls = [], passages = [], faults = [], discarded_answers: discarded } = turn;
  const served = Object.values(turn.upstream ?? {}).filter((part) => part !== null);
  return (
    <div className="record">
      {passages.length > 0 && <Passages passages={passages} />}
      {tool_calls.map((call, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a turn that is over never change
        <Call key={place} call={call} />
      ))}
      {faults.map((fault, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nor do its faults
        <FaultLine key={place} fault={fault} />
      ))}
      {Boolean(discarded) && <p>{text.discarded(discarded ?? 0)}</p>}
      {served.length > 0 && (
        <p>
          {text.upstream} {served.join(" · ")}
        </p>
      )}
    </div>
  );
}

function Call({ call }: { call: ToolCall }) {
  const { record: text } = useText();
  const { name, outcome, duration_ms: tookMs } = call;
  const isWell = outcome === "succeeded";
  return (
    <details className="as-table">
      <summary>
        {text.tool(name || text.noSuchTool)}{" "}
        <Badge color={isWell ? "green" : "amber"} size="1">
          {outcome === null ? text.cutOff : text.outcomes[outcome]}
        </Badge>{" "}
        {tookMs !== null && <span className="figure">{formatMilliseconds(tookMs)}</span>}
      </summary>
      <dl>
        <dt>{text.arguments}</dt>
        <dd>{call.arguments === null ? text.notKept : <Written value={call.arguments} />}</dd>
        <dt>{text.result}</dt>
        <dd>{call.result === null ? text.notKept : <Written value={call.result} />}</dd>
      </dl>
      {call.is_cut && <p>{text.kept}</p>}
    </details>
  );
}

function Written({ value }: { value: Record<string, unknown> | string }) {
  return (
    <Code variant="ghost" dir="auto" className="written">
      {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
    </Code>
  );
}

function Passages({ passages }: { passages: readonly Passage[] }) {
  const { record: text } = useText();
  return (
    <details className="as-table">
      <summary>{text.passages(passages.length)}</summary>
      <dl>
        {passages.map(({ document_id: id, document, number, text: words }) => (
          <div key={`${id} ${number}`}>
            <dt>{text.passage(document, number)}</dt>
            <dd dir="auto" className="written">
              {words}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function FaultLine({ fault }: { fault: Fault }) {
  const name = useFaultName();
  return (
    <Text as="p" size="1" color="amber">
      {name(fault)}
    </Text>
  );
}
