import type { Step } from "./wire";

/** The list with one item at another place. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const out = [...list];
  const [item] = out.splice(from, 1);
  if (item !== undefined) out.splice(to, 0, item);
  return out;
}

export const stepName = (step: Step, event: (name: string) => string, any: string): string => step.title || (step.event === "" ? any : event(step.event));

/** The steps of an address, as far as they are steps. */
export function readSteps(raw: unknown): Step[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((s: unknown) => {
    if (typeof s !== "object" || s === null) return [];
    const { event, where, title } = s as Record<string, unknown>;
    if (typeof event !== "string") return [];
    return [{ event, ...(typeof where === "string" && where !== "" && { where }), ...(typeof title === "string" && title !== "" && { title }) }];
  });
}

/** The steps as they are sent; undefined while one lacks its event. */
export function wholeSteps(steps: Step[]): Step[] | undefined {
  return steps.some((s) => s.open) ? undefined : steps.map(({ event, where, title }) => ({ event, ...(where && { where }), ...(title && { title }) }));
}
