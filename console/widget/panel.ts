import type { Line } from "../src/transcript/lines";
import { isProblem, type View } from "./conversation";
import type { Language, Texts } from "./text";

export interface Actions {
  start(): void;
  hangUp(): void;
  toggleMute(): void;
  allowSound(): void;
}

export interface Shown {
  view: View;
  language: Language;
  text: Texts;
  /** The page's own word for starting a call; "" for ours. */
  label: string;
  captions: boolean;
}

/** What a caller sees, hears told and presses. Every element is a `part` that a page can style. */
export class Panel {
  readonly element = part("section", "call");
  readonly #indicator = part("span", "indicator");
  readonly #state = part("p", "state");
  readonly #problem = part("p", "problem");
  readonly #captions = part("div", "captions");
  readonly #start: HTMLButtonElement;
  readonly #sound: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #hangUp: HTMLButtonElement;
  #lines: readonly Line[] = [];

  constructor(actions: Actions) {
    this.#start = button("start", actions.start);
    this.#sound = button("sound", actions.allowSound);
    this.#mute = button("mute", actions.toggleMute);
    this.#hangUp = button("hang-up", actions.hangUp);
    this.#indicator.ariaHidden = "true";
    this.#state.role = "status";
    this.#problem.role = "alert";
    this.#captions.role = "log";
    // A screen reader would speak over the agent whose words these are.
    this.#captions.ariaLive = "off";
    this.#captions.tabIndex = 0;
    const state = part("div", "line");
    state.append(this.#indicator, this.#state);
    const controls = part("div", "controls");
    controls.append(this.#start, this.#sound, this.#mute, this.#hangUp);
    this.element.append(state, this.#problem, this.#captions, controls);
  }

  show({ view, language, text, label, captions }: Shown): void {
    const isOn = view.state !== "idle" && view.state !== "ended";
    this.element.lang = language;
    this.element.ariaLabel = text.label;
    this.element.dataset.state = view.state;
    write(this.#state, stateText(view, text));
    write(this.#problem, isProblem(view.end) ? text.ends[view.end] : "");
    write(this.#start, label || (view.end === null ? text.start : text.again));
    write(this.#sound, text.sound);
    write(this.#mute, view.muted ? text.unmute : text.mute);
    write(this.#hangUp, text.hangUp);
    this.#indicator.hidden = !isOn;
    this.#keepFocus(() => {
      this.#start.hidden = isOn;
      this.#sound.hidden = !view.soundBlocked;
      this.#mute.hidden = !view.joined;
      this.#hangUp.hidden = !isOn;
    });
    this.#showLines(captions ? view.lines : [], text);
  }

  /** A button that goes hands the focus to what has taken its place. */
  #keepFocus(change: () => void): void {
    const root = this.element.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : null;
    change();
    if (!(focused instanceof HTMLElement) || !focused.hidden) return;
    (this.#start.hidden ? this.#hangUp : this.#start).focus();
  }

  #showLines(lines: readonly Line[], text: Texts): void {
    this.#captions.ariaLabel = text.captions;
    this.#captions.hidden = lines.length === 0;
    if (lines === this.#lines) return;
    this.#lines = lines;
    const said = lines.filter((line) => line.text !== "");
    this.#captions.replaceChildren(...said.map((line) => caption(line, text)));
    this.#captions.scrollTop = this.#captions.scrollHeight;
  }
}

function stateText({ state, asking, muted, end }: View, text: Texts): string {
  if (state === "ended") return end === null || isProblem(end) ? "" : text.ends[end];
  if (asking) return text.asking;
  return muted ? `${text.states[state]} – ${text.muted}` : text.states[state];
}

function caption(line: Line, text: Texts): HTMLElement {
  const element = part("p", `caption ${line.speaker}`);
  const speaker = part("span", "speaker");
  speaker.textContent = `${text.speakers[line.speaker]}: `;
  element.append(speaker, line.text);
  return element;
}

/** A text that stays is left alone: written anew, it would be told anew. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function button(name: string, press: () => void): HTMLButtonElement {
  const made = part("button", `button ${name}`);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

function part<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  names: string,
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.setAttribute("part", names);
  return made;
}
