import { Badge, Button } from "@radix-ui/themes";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Bot } from "../../api/bots";
import type { Author, ListedVersion, VersionName } from "../../api/versions";
import { RowAction } from "../../lists/RowAction";
import { useText } from "../../text/useText";
import { Moment } from "../../ui/Moment";
import { shortId } from "../../ui/shortId";
import { Table } from "../../ui/Table";
import { fieldName } from "./fieldName";
import type { VersionAsk } from "./Versions";

interface VersionTableProps {
  bot: Bot;
  /** The newest first. */
  versions: readonly ListedVersion[];
  onAsk: (ask: VersionAsk) => void;
}

/** A row each, the draft first where it differs from what serves. */
export function VersionTable({ bot, versions, onAsk }: VersionTableProps) {
  const { bots, lists } = useText();
  const { versions: text } = bots;
  const { version: serving, has_unpublished_changes: hasDraft } = bot;
  const newest = hasDraft ? "draft" : serving;
  const compare = (from: VersionName, to: VersionName) => onAsk({ ask: "compare", from, to });
  return (
    <Table stacked label={text.title} columns={[text.title, { name: lists.actions, unseen: true }]}>
      {hasDraft && (
        <Row name={text.draft} badge={<Badge color="amber">{text.unpublished}</Badge>}>
          <TalkLink bot={bot} version="draft" name={text.draft} />
          <RowAction
            of={text.draft}
            verb={text.compare}
            onClick={() => compare(serving, "draft")}
          />
        </Row>
      )}
      {versions.map((version, index) => (
        <Row
          key={version.number}
          name={text.numbered(version.number)}
          badge={version.number === serving && <Badge color="green">{text.serving}</Badge>}
          version={version}
        >
          <TalkLink bot={bot} version={version.number} name={text.numbered(version.number)} />
          <RowAction
            of={text.numbered(version.number)}
            verb={text.compare}
            onClick={() => compare(versions[index + 1]?.number ?? newest, version.number)}
          />
          {(hasDraft || version.number !== serving) && (
            <RowAction
              of={text.numbered(version.number)}
              verb={text.restore.open}
              onClick={() => onAsk({ ask: "restore", number: version.number })}
            />
          )}
        </Row>
      ))}
    </Table>
  );
}

interface RowProps {
  name: string;
  badge: ReactNode;
  /** None for the draft: nobody has published it. */
  version?: ListedVersion;
  children: ReactNode;
}

function Row({ name, badge, version, children }: RowProps) {
  return (
    <tr>
      <th scope="row" className="words">
        {name} {badge}
        {version && <Published version={version} />}
      </th>
      <td className="cell-actions">
        <span>{children}</span>
      </td>
    </tr>
  );
}

/** When, by whom, why, and what it changed. */
function Published({ version }: { version: ListedVersion }) {
  const { bots: text } = useText();
  const { published_at: at, published_by: by, changed_fields: fields, note } = version;
  return (
    <>
      <span className="cell-detail">
        <Moment at={at} />
        {by && <By author={by} />}
      </span>
      {note !== null && (
        <span className="cell-detail version-note" dir="auto">
          {note}
        </span>
      )}
      {fields.length > 0 && (
        <span className="cell-detail">
          {text.versions.changed(fields.map((field) => fieldName(text, field)).join(", "))}
        </span>
      )}
    </>
  );
}

function By({ author: { kind, id } }: { author: Author }) {
  const { authors } = useText().bots.versions;
  return (
    <>
      {" · "}
      {authors[kind]}{" "}
      <span className="author" title={id}>
        {kind === "key" ? shortId(id) : id}
      </span>
    </>
  );
}

interface TalkLinkProps {
  bot: Bot;
  version: VersionName;
  name: string;
}

/** To a conversation that starts from this version. */
export function TalkLink({ bot, version, name }: TalkLinkProps) {
  const { versions: text } = useText().bots;
  if (!bot.is_active) return null;
  return (
    <Button asChild variant="ghost" size="1">
      <Link href={`/?bot=${bot.id}&version=${version}`} aria-label={`${text.talk}: ${name}`}>
        {text.talk}
      </Link>
    </Button>
  );
}
