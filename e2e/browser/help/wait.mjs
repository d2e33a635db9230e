import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until the answer is truthy, and gives it; fails with the last error once the time is up. */
export async function until(what, ask, within = 20_000) {
  const end = performance.now() + within;
  for (;;) {
    let last;
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (err) {
      last = err;
    }
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain until ${what}`, { cause: last });
    await pause(25);
  }
}
