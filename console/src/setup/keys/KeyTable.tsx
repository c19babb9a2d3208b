import { Badge } from "@radix-ui/themes";
import type { Key } from "../../api/keys";
import { ListTable } from "../../lists/ListTable";
import { RowAction } from "../../lists/RowAction";
import { useText } from "../../text/useText";
import { Moment } from "../../ui/Moment";
import { credits } from "../amount";
import { entries } from "./draft";
import type { KeyAsk } from "./KeysPage";

interface KeyTableProps {
  keys: readonly Key[];
  onAsk: (ask: KeyAsk) => void;
}

/** Keys, a row each; on a phone a block each. */
export function KeyTable({ keys, onAsk }: KeyTableProps) {
  const { keys: text } = useText();
  const { columns } = text;
  return (
    <ListTable
      actions
      label={text.title}
      columns={[columns.name, columns.access, columns.only, columns.limits, columns.time]}
    >
      {keys.map((key) => (
        <KeyRow key={key.id} of={key} onAsk={onAsk} />
      ))}
    </ListTable>
  );
}

function KeyRow({ of: key, onAsk }: { of: Key; onAsk: (ask: KeyAsk) => void }) {
  const { keys: text } = useText();
  const { columns } = text;
  return (
    <tr>
      <th scope="row" className="words">
        {key.name} <KeyState of={key} />
        <span className="cell-detail mono">{key.prefix}…</span>
      </th>
      <td data-label={columns.access}>
        <span>
          <List csv={key.permissions} everything={text.everything} />
          {key.scopes !== "" && (
            <span className="cell-detail">
              <List csv={key.scopes} />
            </span>
          )}
        </span>
      </td>
      <td data-label={columns.only}>
        <span>
          <List csv={key.allowed_domains} everything={text.everyPage} />
          <span className="cell-detail">
            <List csv={key.allowed_models} everything={text.everyModel} />
          </span>
        </span>
      </td>
      <td data-label={columns.limits}>
        <span>
          <Budget of={key} />
          <span className="cell-detail">
            {key.rate_limit_rpm === null ? text.rpmOfPlan : text.rpm(key.rate_limit_rpm)}
          </span>
        </span>
      </td>
      <td data-label={columns.time}>
        <span>
          {key.expires_at === null ? text.neverExpires : <Until at={key.expires_at} />}
          <span className="cell-detail">
            {key.last_used_at === null ? text.neverUsed : <LastUsed at={key.last_used_at} />}
          </span>
        </span>
      </td>
      <td className="cell-actions">
        <span>
          <RowAction
            of={key.name}
            verb={text.edit.open}
            onClick={() => onAsk({ ask: "edit", of: key })}
          />
          <RowAction
            of={key.name}
            verb={text.rotate.open}
            onClick={() => onAsk({ ask: "rotate", of: key })}
          />
          <RowAction
            of={key.name}
            verb={text.revoke.open}
            danger
            onClick={() => onAsk({ ask: "revoke", of: key })}
          />
        </span>
      </td>
    </tr>
  );
}

function KeyState({ of: key }: { of: Key }) {
  const { keys: text } = useText();
  if (!key.is_active) return <Badge color="gray">{text.states.off}</Badge>;
  if (key.expires_at !== null && new Date(key.expires_at) <= new Date()) {
    return <Badge color="amber">{text.states.expired}</Badge>;
  }
  return <Badge color="green">{text.states.active}</Badge>;
}

function Until({ at }: { at: string }) {
  const { keys: text } = useText();
  return (
    <>
      {text.until} <Moment at={at} />
    </>
  );
}

function LastUsed({ at }: { at: string }) {
  const { keys: text } = useText();
  return (
    <>
      {text.lastUsed} <Moment at={at} />
    </>
  );
}

function List({ csv, everything }: { csv: string; everything?: string }) {
  const listed = entries(csv);
  if (everything && listed.includes("*")) return everything;
  return listed.join(", ");
}

function Budget({ of: key }: { of: Key }) {
  const { keys: text } = useText();
  const { budget_used: used, budget_limit: limit } = key;
  if (limit === null) return text.budgetUsed(credits(used));
  const share = limit === 0 ? 1 : Math.min(used / limit, 1);
  return (
    <span>
      {text.budgetOf(credits(used), credits(limit))}
      <span className="meter" data-full={share >= 1} aria-hidden="true">
        <span className="meter-used" style={{ inlineSize: `${share * 100}%` }} />
      </span>
    </span>
  );
}
