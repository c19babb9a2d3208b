/** The frame around every page, and what several pages say. */
export const app = {
  name: "Vaarta",
  titled: (page: string) => `${page} · Vaarta`,
  signOut: "Sign out",
  loading: "Loading",
  skip: "Skip to the content",
  pages: "Pages",
  live: "Conversation going on",
  dismiss: "Dismiss",
  close: "Close",
  cancel: "Cancel",
  copy: "Copy",
  copied: "Copied",
  once: {
    saved: "I have stored it",
    notCopied: "Copying is not possible here: the text is selected.",
  },
  language: "Language of this console",
  appearance: { label: "Colours", light: "Light", dark: "Dark", system: "Match the system" },
  picker: { search: "Search", nothing: "Nothing matches.", done: "Done" },
  missing: {
    title: "There is no such page",
    body: "The address may be mistyped, or the page has moved.",
    home: "Talk to an agent",
  },
  crash: {
    title: "This page has stopped working",
    missing: "This page could not be loaded",
    body: "Something in it went wrong. Your sessions and transcripts are safe on the server.",
    reload: "Reload the page",
  },
  problem: {
    retryAfter: (seconds: number) => `Try again in ${seconds} s.`,
    again: "Try again",
    request: "Request",
    permission: {
      who: "An owner or an admin of this tenant may: people sign in with a JWT, programs with a key that was given the scope.",
      how: "Whoever runs the server makes a JWT with",
      signIn: "Sign in as somebody else",
    },
    /** Where no answer came, so that the API could say nothing itself. */
    own: {
      timeout: "The API did not answer in time.",
      part_missing:
        "A part of the console could not be loaded: it was updated since you opened it, or the server cannot be reached.",
      bad_answer: "This is not the API’s answer.",
      unreachable: "The API cannot be reached.",
      recording_unreachable:
        "The recording could not be fetched from where it is kept. A bucket’s CORS rules have to let this page.",
      page_error: "This browser could not start the conversation. Reload the page and try again.",
    },
  },
  signIn: {
    title: "Sign in",
    intro: "The console speaks to the API as you. The key stays in this tab and ends with it.",
    credential: "API key or JWT",
    credentialHint: "Starts with cm_ or eyJ.",
    submit: "Sign in",
    useLocal: "Use this machine’s development sign-in",
  },
};
