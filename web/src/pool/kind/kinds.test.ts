import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { isKindKey, kindTitle, refText } from "./kinds";
import en from "./locale.en.json";
import zh from "./locale.zh-CN.json";
import { rulesOf } from "./says";

const phone = { kind: "phone", title: "Phone", title_zh: "手机号", unique: false, strong: true, merges: true, builtin: true, trait: "phone", rank: 60 };
const i18n = i18next.createInstance();
beforeAll(() => i18n.init({ resources: { "zh-CN": { kind: zh }, en: { kind: en } }, defaultNS: "kind", interpolation: { escapeValue: false } }));

describe("a kind's title", () => {
  it("is in the reader's language, and the bare key where none is declared", () => {
    expect(kindTitle([phone], "phone", "zh-CN")).toBe("手机号");
    expect(kindTitle([phone], "phone", "en")).toBe("Phone");
    expect(kindTitle([{ ...phone, title_zh: "" }], "phone", "zh-CN")).toBe("Phone");
    expect(kindTitle([phone], "loyalty", "en")).toBe("loyalty");
  });

  it("stands before the value, the scope after it", () => {
    expect(refText({ kind: "phone", scope: "", value: "+861" }, () => "手机号")).toBe("手机号 +861");
    expect(refText({ kind: "openid", scope: "wx1", value: "o1" }, () => "OpenID")).toBe("OpenID o1 (wx1)");
  });
});

describe("a kind's rules in words", () => {
  it("differ for every rule, in both languages", () => {
    for (const lng of ["zh-CN", "en"]) {
      const t = (key: string, values?: object) => i18n.t(key, { lng, ...values });
      const say = (over: object) => rulesOf({ ...phone, ...over }, "手机号", t).join(" ");
      const all = [say({}), say({ strong: false }), say({ merges: false }), say({ unique: true }), say({ trait: "" })];
      expect(new Set(all).size).toBe(5);
      for (const text of all) expect(text).not.toContain("says.");
    }
  });
});

describe("a kind's key", () => {
  it("is plain", () => {
    expect(["loyalty_card", "a1"].every(isKindKey)).toBe(true);
    expect(["", "a", "1a", "Loyalty", "loyalty card", "卡号", `a${"b".repeat(40)}`].some(isKindKey)).toBe(false);
  });
});
