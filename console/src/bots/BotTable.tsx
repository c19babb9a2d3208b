import { Badge, Button } from "@radix-ui/themes";
import { Link } from "wouter";
import { type Bot, changeBot } from "../api/bots";
import { useChange } from "../api/useChange";
import { ListTable } from "../lists/ListTable";
import { RowAction } from "../lists/RowAction";
import { useText } from "../text/useText";
import { Moment } from "../ui/Moment";
import { useNotice } from "../ui/Notices";

interface BotTableProps {
  bots: readonly Bot[];
  onDelete: (bot: Bot) => void;
}

export function BotTable({ bots, onDelete }: BotTableProps) {
  const { bots: text } = useText();
  const { columns } = text;
  return (
    <ListTable
      actions
      label={text.title}
      columns={[columns.name, columns.prompt, columns.speaks, columns.changed]}
    >
      {bots.map((bot) => (
        <BotRow key={bot.id} of={bot} onDelete={onDelete} />
      ))}
    </ListTable>
  );
}

function BotRow({ of: bot, onDelete }: { of: Bot; onDelete: (bot: Bot) => void }) {
  const { bots: text } = useText();
  const { columns } = text;
  const { id, name, config, is_active } = bot;
  return (
    <tr>
      <th scope="row" className="words">
        <Link href={`/bots/${id}`}>{name}</Link>{" "}
        <Badge color={is_active ? "green" : "gray"}>
          {is_active ? text.states.active : text.states.off}
        </Badge>
      </th>
      <td data-label={columns.prompt} className="words">
        <span className="two-lines">{bot.system_prompt || text.fields.byDefault}</span>
      </td>
      <td data-label={columns.speaks}>
        <span>
          {config.language ?? text.fields.byDefault}
          <span className="cell-detail">
            {[config.voice, config.llm_model].filter(Boolean).join(" · ")}
          </span>
        </span>
      </td>
      <td data-label={columns.changed}>
        <Moment at={bot.updated_at} />
      </td>
      <td className="cell-actions">
        <span>
          {is_active && (
            <Button asChild variant="ghost" size="1">
              <Link href={`/?bot=${id}`} aria-label={`${text.talk}: ${name}`}>
                {text.talk}
              </Link>
            </Button>
          )}
          <Switch of={bot} />
          <RowAction of={name} verb={text.delete.open} danger onClick={() => onDelete(bot)} />
        </span>
      </td>
    </tr>
  );
}

/** Switches a bot on or off: sessions that name one that is off are refused. */
function Switch({ of: { id, name, is_active } }: { of: Bot }) {
  const { bots: text } = useText();
  const tell = useNotice();
  const change = useChange({
    send: (api) => changeBot(api, id, { is_active: !is_active }),
    stale: ["bots"],
    onDone: (bot) => {
      tell(bot.is_active ? text.states.switchedOn(name) : text.states.switchedOff(name));
    },
    onError: (error) => tell(error.message),
  });
  return (
    <RowAction
      of={name}
      verb={is_active ? text.states.switchOff : text.states.switchOn}
      loading={change.isPending}
      onClick={() => change.mutate()}
    />
  );
}
