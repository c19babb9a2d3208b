import { vi } from "vitest";

/** An element that plays by the clock of the test. */
export class FakeSound extends EventTarget {
  currentTime = 0;
  duration = Number.NaN;
  playbackRate = 1;
  error = null;
  paused = true;
  refuses = false;

  play(): Promise<void> {
    if (this.refuses) return Promise.reject(new Error("no sound without a click"));
    this.paused = false;
    this.dispatchEvent(new Event("play"));
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }

  goesOn(seconds: number): void {
    this.currentTime += seconds;
    vi.advanceTimersToNextFrame();
  }
}
