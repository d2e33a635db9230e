import { describe, expect, it } from "vitest";
import { strength } from "./password";

describe("strength of a password", () => {
  it.each([
    ["", 0],
    ["Ab1!", 1],
    ["aaaaaaaaaaaaaaaaaaaa", 1],
    ["mountainlake", 1],
    ["mountain7lake", 2],
    ["correct horse battery", 3],
    ["Teal-Pond-Still-41", 4],
  ])("%s → %i", (password, want) => expect(strength(password)).toBe(want));
});
