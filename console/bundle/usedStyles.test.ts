// @vitest-environment node
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preprocessCSS, resolveConfig } from "vite";
import { expect, it } from "vitest";
import { classesOf, componentsIn, isUsed, usedStyles } from "./usedStyles";

const used = classesOf(new Set(["TextField", "Card"]));

it.each([
  [".rt-TextFieldRoot", true],
  [".rt-TextFieldRoot:where(.rt-variant-soft, :has(.rt-SelectTrigger))", true],
  [".rt-BaseCard::before", true],
  [".rt-reset", true],
  [".rt-r-size-2", true],
  [":root, .light", true],
  [".rt-SelectTrigger:where(.rt-variant-soft)", false],
  [".rt-Card .rt-SwitchRoot", false],
  [".rt-Card:where(.sm\\:rt-r-size-1)", false],
])("knows whether a page needs %s: %s", (selector, isNeeded) => {
  expect(isUsed(selector, used)).toBe(isNeeded);
});

it("finds the components that the sources name", () => {
  const folder = mkdtempSync(join(tmpdir(), "vaarta-"));
  writeFileSync(join(folder, "a.tsx"), 'import { Card } from "@radix-ui/themes";');
  writeFileSync(join(folder, "b.tsx"), 'import {\n  TextField,\n} from "@radix-ui/themes";');
  expect(componentsIn(folder)).toEqual(new Set(["Card", "TextField"]));
});

it("keeps our own style whole, and of Radix Themes' what is needed", async () => {
  const plugins = [usedStyles("src")];
  const config = await resolveConfig({ configFile: false, css: { postcss: { plugins } } }, "build");
  const style = ".rt-SliderRoot{top:0}@media (hover:hover){.rt-SliderRoot{top:0}}.rt-Button{top:0}";
  const left = async (file: string) => {
    const { code } = await preprocessCSS(style, join(process.cwd(), file), config);
    return code;
  };
  expect(await left("node_modules/@radix-ui/themes/components.css")).toBe(".rt-Button{top:0}");
  expect(await left("src/theme/page.css")).toBe(style);
});
