/** The part of an audio element that is needed. */
export type Sound = Pick<
  HTMLAudioElement,
  | "currentTime"
  | "duration"
  | "error"
  | "paused"
  | "playbackRate"
  | "play"
  | "pause"
  | "addEventListener"
>;

const EVENTS = ["play", "pause", "seeked", "ratechange", "durationchange", "error"] as const;

/**
 * Plays a recording, and tells whoever subscribes of each change; while it plays with each picture,
 * as the element's own telling is too seldom for words.
 */
export class Player {
  readonly #sound: Sound;
  readonly #listeners = new Set<() => void>();
  #picture = 0;

  constructor(sound: Sound) {
    this.#sound = sound;
    for (const event of EVENTS) sound.addEventListener(event, () => this.#changed());
  }

  /** From the session's start. */
  get atMs(): number {
    return Math.round(this.#sound.currentTime * 1_000);
  }

  /** `null` before that is known. */
  get lengthMs(): number | null {
    const { duration } = this.#sound;
    return Number.isFinite(duration) ? Math.round(duration * 1_000) : null;
  }

  /** Whether this browser cannot play it. */
  get isBroken(): boolean {
    return this.#sound.error !== null;
  }

  get isPlaying(): boolean {
    return !this.#sound.paused;
  }

  get speed(): number {
    return this.#sound.playbackRate;
  }

  set speed(speed: number) {
    this.#sound.playbackRate = speed;
  }

  seek(atMs: number): void {
    this.#sound.currentTime = Math.max(0, atMs) / 1_000;
    this.#changed();
  }

  playFrom(atMs: number): void {
    this.seek(atMs);
    this.play();
  }

  /** A browser may refuse; then it stays paused, and says so. */
  play(): void {
    void this.#sound.play().catch(() => this.#changed());
  }

  pause(): void {
    this.#sound.pause();
  }

  /** Returns what ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    cancelAnimationFrame(this.#picture);
    if (this.isPlaying) this.#picture = requestAnimationFrame(() => this.#changed());
    for (const listener of this.#listeners) listener();
  }
}
