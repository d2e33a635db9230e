/** The shortest password the server takes. */
export const minPassword = 8;

/** 0 … 4: how hard a password is to guess, by length and variety. Advice only; the server decides. */
export function strength(password: string): number {
  if (password.length < minPassword) return password.length === 0 ? 0 : 1;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((k) => k.test(password)).length;
  const different = new Set(password).size;
  if (different < 5) return 1;
  return Math.min(4, 1 + (kinds >= 2 ? 1 : 0) + (password.length >= 14 ? 1 : 0) + (kinds >= 3 && different >= 9 ? 1 : 0));
}
