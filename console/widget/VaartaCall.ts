import type { Line } from "../src/transcript/lines";
import { Conversation, type LoadCall, type State } from "./conversation";
import { loadCall } from "./loadCall";
import { Panel } from "./panel";
import { askSession } from "./session";
import css from "./style.css?inline";
import { languageOf, TEXTS } from "./text";

/**
 * `<vaarta-call session-url="…">`: a call for whoever presses the button. `session-url` is the
 * page's own server, which alone has an API key. `docs/widget.md` describes attributes and events.
 */
export class VaartaCall extends HTMLElement {
  static readonly observedAttributes = ["captions", "label", "lang"];
  readonly #conversation: Conversation;
  readonly #panel: Panel;
  #told: { state: State; lines: readonly Line[] } = { state: "idle", lines: [] };

  constructor(load: LoadCall = loadCall) {
    super();
    const root = this.attachShadow({ mode: "open" });
    // Not a `<style>`, which the page's content security policy may refuse.
    const style = new CSSStyleSheet();
    style.replaceSync(css);
    root.adoptedStyleSheets = [style];
    this.#conversation = new Conversation(load, root, this.#changed);
    this.#panel = new Panel({
      start: () => void this.start(),
      hangUp: () => this.hangUp(),
      toggleMute: () => void this.#conversation.setMuted(!this.muted),
      allowSound: () => void this.#conversation.allowSound(),
    });
    root.append(this.#panel.element);
  }

  get state(): State {
    return this.#conversation.view.state;
  }

  get muted(): boolean {
    return this.#conversation.view.muted;
  }

  connectedCallback(): void {
    window.addEventListener("pagehide", this.#leave);
    this.#show();
  }

  /** An element that is moved is there again by the next microtask. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      window.removeEventListener("pagehide", this.#leave);
      this.#leave();
    });
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#show();
  }

  /** As if the button was pressed; browsers play sound only after some press. */
  async start(): Promise<void> {
    const url = this.getAttribute("session-url") ?? "";
    const language = languageOf(this);
    await this.#conversation.start((over) => askSession(url, language, over));
  }

  hangUp(): void {
    this.#conversation.end("hung_up");
  }

  #leave = (): void => this.#conversation.end("left");

  #changed = (): void => {
    this.#show();
    const before = this.#told;
    const { state, lines, end, sessionId } = this.#conversation.view;
    this.#told = { state, lines };
    for (const line of lines) {
      if (!before.lines.includes(line)) this.#tell("caption", captionOf(line));
    }
    if (state === before.state) return;
    this.#tell("state", { state });
    if (state === "ended") this.#tell("ended", { reason: end, session_id: sessionId });
  };

  #show(): void {
    const language = languageOf(this);
    this.#panel.show({
      view: this.#conversation.view,
      language,
      text: TEXTS[language],
      label: this.getAttribute("label") ?? "",
      captions: this.hasAttribute("captions"),
    });
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(
      new CustomEvent(`vaarta:${name}`, { detail, bubbles: true, composed: true }),
    );
  }
}

function captionOf({ id, speaker, text, final }: Line) {
  return { id, speaker: speaker === "you" ? "caller" : speaker, text, final };
}
