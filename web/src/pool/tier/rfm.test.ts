// Every value of a buyer is in exactly one bin of the grid.
import { expect, it } from "vitest";
import { bounds } from "./rfm";

it("cuts from the lowest to the open end", () => {
  expect(bounds([12, 28])).toEqual([{ over: -1, to: 12 }, { over: 12, to: 28 }, { over: 28 }]);
  expect(bounds([])).toEqual([{ over: -1 }]);
});

it("leaves no value out and counts none twice", () => {
  const bins = bounds([1, 2, 3, 6]);
  for (let v = 0; v <= 9; v++) expect(bins.filter((b) => v > b.over && (b.to === undefined || v <= b.to))).toHaveLength(1);
});
