interface Names {
  known: Record<string, string>;
  model: (upstream: string) => string;
}

const MODEL = "llm ";

/** A check's name in words; one that the console does not know keeps the server's. */
export function labelOf(name: string, { known, model }: Names): string {
  return name.startsWith(MODEL) ? model(name.slice(MODEL.length)) : (known[name] ?? name);
}
