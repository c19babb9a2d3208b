import { act, cleanup, render } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { aTurn } from "../testing/aTurn";
import { FakeSound } from "../testing/fakeSound";
import { Player } from "./player";
import { useFollowedSound } from "./useFollowedSound";

afterEach(cleanup);

/** Ten turns of ten seconds, each 100 px high, in a list that shows three of them. */
const TURNS = Array.from({ length: 10 }, (_, turn_index) =>
  aTurn({ turn_index, started_at_ms: turn_index * 10_000 }),
);
const [ENTRY_PX, LIST_PX] = [100, 300];

function List({ player }: { player: Player }) {
  const list = useRef<HTMLOListElement>(null);
  const heard = useFollowedSound(player, TURNS, list);
  return (
    <ol ref={list}>
      {TURNS.map(({ turn_index: index }) => (
        <li key={index} data-turn={index} aria-current={index === heard || undefined} />
      ))}
    </ol>
  );
}

function shown() {
  const player = new Player(new FakeSound());
  const list = render(<List player={player} />).container.querySelector("ol");
  if (list === null) throw new Error("there is a list");
  list.getBoundingClientRect = () => new DOMRect(0, 0, 100, LIST_PX);
  list.querySelectorAll("li").forEach((item, place) => {
    item.getBoundingClientRect = () =>
      new DOMRect(0, place * ENTRY_PX - list.scrollTop, 100, ENTRY_PX);
    vi.spyOn(item, "offsetTop", "get").mockReturnValue(place * ENTRY_PX);
  });
  return { list, hear: (turn: number) => act(() => player.seek(turn * 10_000)) };
}

it("brings a turn into sight once it is heard, and leaves the list alone where it is already", () => {
  const { list, hear } = shown();
  hear(2);
  expect(list.scrollTop).toBe(0);
  hear(3);
  expect(list.scrollTop).toBe(3 * ENTRY_PX);
  expect(list.querySelector("[aria-current]")?.getAttribute("data-turn")).toBe("3");
});

it("does not pull back a reader who has gone elsewhere", () => {
  const { list, hear } = shown();
  hear(3);
  list.scrollTop = 700;
  hear(4);
  expect(list.scrollTop).toBe(700);
});
