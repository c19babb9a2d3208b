import type { InfiniteData } from "@tanstack/react-query";
import type { Rows } from "../api/client";
import type { Session } from "../api/sessions";

export type Loaded = InfiniteData<Rows<Session>>;

/**
 * The loaded part of the list after a session has changed. `found` says whether it belongs there;
 * `null`, which only the API could tell, keeps a known row and adds none. A session beyond what is
 * loaded changes nothing: it is read as it is then.
 */
export function withSession(list: Loaded, session: Session, found: boolean | null): Loaded {
  const isKnown = list.pages.some(({ rows }) => rows.some(({ id }) => id === session.id));
  if (isKnown) return found === false ? without(list, session) : replaced(list, session);
  return found === true ? inserted(list, session) : list;
}

function replaced(list: Loaded, session: Session): Loaded {
  return eachPage(list, ({ rows, total }) => ({
    rows: rows.map((row) => (row.id === session.id ? session : row)),
    total,
  }));
}

function without(list: Loaded, session: Session): Loaded {
  return eachPage(list, ({ rows, total }) => ({
    rows: rows.filter(({ id }) => id !== session.id),
    total: total - 1,
  }));
}

function inserted(list: Loaded, session: Session): Loaded {
  const loaded = list.pages.reduce((count, { rows }) => count + rows.length, 0);
  const isWhole = loaded >= (list.pages.at(-1)?.total ?? 0);
  const place = list.pages.findIndex(({ rows }) => rows.some((row) => isNewer(session, row)));
  const target = place >= 0 ? place : isWhole ? list.pages.length - 1 : -1;
  if (target < 0) return list;
  return eachPage(list, ({ rows, total }, index) => ({
    rows: index === target ? sorted([...rows, session]) : rows,
    total: total + 1,
  }));
}

function eachPage(
  list: Loaded,
  change: (page: Rows<Session>, index: number) => Rows<Session>,
): Loaded {
  return { ...list, pages: list.pages.map(change) };
}

function sorted(rows: Session[]): Session[] {
  return rows.sort((a, b) => (isNewer(a, b) ? -1 : 1));
}

/** The API's order: by creation, then by id. */
function isNewer(a: Session, b: Session): boolean {
  return a.created_at === b.created_at ? a.id > b.id : a.created_at > b.created_at;
}

/** Every session once: a part that was read after newer ones came begins with rows of the last. */
export function rowsOf(list: Loaded): Session[] {
  const known = new Map(list.pages.flatMap(({ rows }) => rows).map((row) => [row.id, row]));
  return [...known.values()];
}
