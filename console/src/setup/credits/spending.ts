import type { Service } from "../../api/credits";
import type { UsageItem } from "../../api/usage";

/** What a service cost, and what each of its models did of it. */
export interface Spending {
  service: Service;
  credits: number;
  /** Of all that was spent, 0 to 1. */
  share: number;
  items: readonly UsageItem[];
}

const SERVICES: readonly Service[] = ["stt", "llm", "tts"];

/** By service, in the order of a turn; the dearest model first. Services without a charge too. */
export function spendingOf(items: readonly UsageItem[]): Spending[] {
  const total = sum(items);
  return SERVICES.map((service) => {
    const own = items.filter((item) => item.service === service);
    const credits = sum(own);
    return {
      service,
      credits,
      share: total === 0 ? 0 : credits / total,
      items: own.toSorted((a, b) => b.credits - a.credits),
    };
  });
}

function sum(items: readonly UsageItem[]): number {
  return items.reduce((total, item) => total + item.credits, 0);
}
