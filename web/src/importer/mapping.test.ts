import { describe, expect, it } from "vitest";
import type { Mapping } from "../api/types";
import { columnOf, extraOf, missing, nameFor, otherColumns, samples, saysItself, squeeze, suggest, withExtra, withField, type Field } from "./mapping";

const field = (name: string, title_zh = name, required = false): Field => ({ name, title: name, title_zh, required, help: "", help_zh: "" });
const orderFields = [field("order_id", "订单号", true), field("time", "下单时间", true), field("customer", "客户", true), field("price", "单价", true)];
const peopleFields = [field("user_id", "用户号"), field("phone", "手机号"), field("time", "登记时间")];

describe("a mapping", () => {
  const m: Mapping = { order_id: "订单", traits: { city: "城市" }, identities: { phone: "手机" } };

  it("gives a field its column and takes the column from what it was before", () => {
    expect(withField(m, "time", "城市")).toEqual({ order_id: "订单", time: "城市", identities: { phone: "手机" } });
    expect(withField(m, "order_id", undefined)).toEqual({ traits: { city: "城市" }, identities: { phone: "手机" } });
    expect(m.order_id, "the old one stays as it was").toBe("订单");
  });

  it("keeps a column as one thing only, and a name once", () => {
    expect(extraOf(m, "城市")).toEqual({ as: "trait", name: "city" });
    expect(withExtra(m, "城市", { as: "property", name: "city" })).toEqual({ order_id: "订单", properties: { city: "城市" }, identities: { phone: "手机" } });
    expect(withExtra(m, "所在地", { as: "trait", name: "city" }).traits).toEqual({ city: "所在地" });
    expect(extraOf(withExtra(m, "城市", undefined), "城市")).toBeUndefined();
  });

  it("knows the columns no field takes, in the file's order", () => {
    expect(otherColumns(["a", "订单", "b"], orderFields, m)).toEqual(["a", "b"]);
    expect(columnOf({ time: "" }, "time")).toBeUndefined();
  });
});

describe("what is missing", () => {
  it("is each required field without a column", () => {
    expect(missing("order-lines", orderFields, { order_id: "a", customer: "c" }, {})).toEqual(["time", "price"]);
    expect(missing("order-lines", orderFields, { order_id: "a", time: "b", price: "d", customer: "c" }, {})).toEqual([]);
  });

  it("is somebody, unless any identity is there, declared kinds too", () => {
    expect(missing("people", peopleFields, {}, {})).toEqual(["who"]);
    expect(missing("people", peopleFields, { phone: "手机" }, {})).toEqual([]);
    expect(missing("order-lines", orderFields, { order_id: "a", time: "b", price: "d", identities: { phone: "e" } }, {})).toEqual([]);
    expect(missing("people", peopleFields, { identities: { loyalty: "x" } }, {})).toEqual([]);
  });

  it("is the event's name, unless one is given for all rows", () => {
    const fields = [field("event"), field("time", "时间", true)];
    expect(missing("events", fields, { time: "t", identities: { phone: "p" } }, {})).toEqual(["event"]);
    expect(missing("events", fields, { time: "t", identities: { phone: "p" } }, { event_name: "Store Visited" })).toEqual([]);
  });
});

describe("a suggestion for another preset", () => {
  it("keeps what is sure, finds the rest by name and keeps other columns as traits of people", () => {
    const m = suggest("people", peopleFields, ["用户号", "收货手机", "登记时间（北京）", "城市"], { order_id: "单", identities: { phone: "收货手机" } });
    expect(m).toEqual({ user_id: "用户号", phone: "收货手机", time: "登记时间（北京）", traits: { city: "城市" } });
  });

  it("takes a column once", () => {
    const m = suggest("people", peopleFields, ["phone"], { user_id: "phone" });
    expect(m).toEqual({ user_id: "phone" });
  });
});

describe("names of columns", () => {
  it("are the usual ones where there are, else their own", () => {
    expect(["所在城市", "会员等级(2026)", "Skin Type", "店铺备注", " Order-ID "].map(nameFor)).toEqual(["city", "member_level", "skin_type", "店铺备注", "order_id"]);
  });

  it("are compared without signs, case and what stands in brackets", () => {
    expect(squeeze("成交单价(元)")).toBe("成交单价");
    expect(squeeze("Invoice_No.")).toBe("invoiceno");
    expect(squeeze("（备注）")).toBe("备注");
  });
});

describe("a file", () => {
  it("shows some different values of a column", () => {
    expect(samples(["a", "b"], [["1", "x"], ["1", ""], ["2"], ["3", "y"]], "a", 2)).toEqual(["1", "2"]);
    expect(samples(["a", "b"], [["1", "x"], ["1", ""], ["2"]], "b")).toEqual(["x"]);
    expect(samples(["a"], [["1"]], "gone")).toEqual([]);
  });

  it("needs no mapping if it says what is what", () => {
    expect(saysItself("jsonl", "events", {})).toBe(true);
    expect(saysItself("jsonl", "events", { traits: {} })).toBe(true);
    expect(saysItself("csv", "events", {})).toBe(false);
    expect(saysItself("jsonl", "order-lines", {})).toBe(false);
    expect(saysItself("jsonl", "events", { time: "t" })).toBe(false);
  });
});
