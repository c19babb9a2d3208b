import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CSSOptions } from "vite";

type PostcssPlugin = Extract<
  NonNullable<Exclude<CSSOptions["postcss"], string>>["plugins"],
  object
>[number];

const PACKAGE = "node_modules/@radix-ui/themes";
const COMPONENTS = `${PACKAGE}/dist/esm/components`;
const FROM_THEMES = /import (?:type )?\{([^}]*)\} from "@radix-ui\/themes"/g;

/** Radix Themes' style for a screen's width, which a component takes as `size={{ sm: "3" }}`. */
const FOR_A_WIDTH = /\.(?:xs|sm|md|lg|xl)\\:/;

/** Takes the rules out of Radix Themes' style that no component of this source needs. */
export function usedStyles(source: string): PostcssPlugin {
  const used = classesOf(componentsIn(source));
  return {
    postcssPlugin: "used-styles",
    OnceExit(root) {
      if (!root.source?.input.file?.includes(PACKAGE)) return;
      root.walkRules((rule) => {
        const kept = rule.selectors.filter((selector) => isUsed(selector, used));
        if (kept.length === 0) rule.remove();
        else if (kept.length < rule.selectors.length) rule.selectors = kept;
      });
      root.walkAtRules((rule) => {
        if (rule.nodes?.length === 0) rule.remove();
      });
    },
  };
}

/** What a selector says in brackets may be one of several conditions, so that it counts for nothing. */
export function isUsed(selector: string, used: ReadonlySet<string>): boolean {
  if (FOR_A_WIDTH.test(selector)) return false;
  const names = outsideBrackets(selector).match(/\.rt-[A-Z]\w*/g) ?? [];
  return names.every((name) => used.has(name.slice(1)));
}

function outsideBrackets(selector: string): string {
  const shorter = selector.replace(/\([^()]*\)/g, "");
  return shorter === selector ? selector : outsideBrackets(shorter);
}

/** Every component of Radix Themes that a file of the folder names: `TextField`. */
export function componentsIn(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".tsx"));
  const named = sources.flatMap((file) => {
    const imports = readFileSync(join(folder, file), "utf8").matchAll(FROM_THEMES);
    return [...imports].flatMap(([, names = ""]) => names.match(/\b[A-Z]\w*/g) ?? []);
  });
  return new Set(named);
}

/** The classes that these components, and those within them, give to their elements. */
export function classesOf(components: ReadonlySet<string>): Set<string> {
  const seen = new Set<string>();
  const classes = new Set<string>();
  const read = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(file, "utf8");
    for (const [name] of code.matchAll(/rt-[A-Z]\w*/g)) classes.add(name);
    for (const [, next = ""] of code.matchAll(/from"(\.[^"]+)"/g))
      read(resolve(dirname(file), next));
  };
  for (const name of components) {
    const file = `${name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.js`;
    if (readdirSync(COMPONENTS).includes(file)) read(resolve(COMPONENTS, file));
  }
  return classes;
}
