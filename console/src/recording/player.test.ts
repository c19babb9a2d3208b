import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeSound } from "../testing/fakeSound";
import { Player } from "./player";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function played() {
  const sound = new FakeSound();
  const player = new Player(sound);
  const told: number[] = [];
  player.subscribe(() => told.push(player.atMs));
  return { sound, player, told };
}

it("tells where it is with each picture while it plays, and no more when it stops", () => {
  const { sound, player, told } = played();
  player.playFrom(5_000);
  sound.goesOn(0.016);
  sound.goesOn(0.016);
  expect(told).toEqual([5_000, 5_000, 5_016, 5_032]);
  player.pause();
  sound.goesOn(0.016);
  expect(told).toEqual([5_000, 5_000, 5_016, 5_032, 5_032]);
});

it("is told of where it stands when it is moved while it is silent", () => {
  const { player, told } = played();
  player.seek(-3);
  player.seek(1_500);
  expect(told).toEqual([0, 1_500]);
});

it("stays silent where the browser refuses to play", async () => {
  const { sound, player, told } = played();
  sound.refuses = true;
  player.play();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([player.isPlaying, told]).toEqual([false, [0]]);
});

it("knows its length once the browser does", () => {
  const { sound, player, told } = played();
  expect(player.lengthMs).toBeNull();
  sound.duration = 61.25;
  sound.dispatchEvent(new Event("durationchange"));
  expect([player.lengthMs, told]).toEqual([61_250, [0]]);
});
