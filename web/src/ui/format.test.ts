import { describe, expect, it } from "vitest";
import { formats, minorDigits } from "./format";

const zh = formats("zh-CN", "Asia/Shanghai", "CNY");
const en = formats("en", "America/New_York", "USD");

describe("money", () => {
  it("knows how many minor digits a currency has", () => {
    expect([minorDigits("CNY"), minorDigits("JPY"), minorDigits("KWD"), minorDigits("nonsense")]).toEqual([2, 0, 3, 2]);
  });
  it("turns minor units into the reader's notation", () => {
    expect(zh.money(891140790)).toBe("¥8,911,407.90");
    expect(en.money(-1205)).toBe("-$12.05");
    expect(zh.money(1500, "JPY")).toBe("¥1,500");
  });
  it("shortens only what is long", () => {
    expect(zh.moneyCompact(18250)).toBe("¥182.50");
    expect(zh.moneyCompact(54914532)).toBe("¥54.9万");
    expect(en.moneyCompact(54914532)).toBe("$549.1K");
  });
});

describe("days and times", () => {
  it("never shifts a calendar day by a zone", () => {
    expect(zh.longDay("2026-03-01")).toBe("2026年3月1日");
    expect(en.longDay("2026-03-01")).toBe("Mar 1, 2026");
    expect(en.month("2010-12")).toBe("Dec 2010");
  });
  it("shows instants in the pool's zone", () => {
    const at = "2026-10-31T16:30:00.000000Z";
    expect(zh.dayOf(at)).toBe("2026-11-01");
    expect(en.dayOf(at)).toBe("2026-10-31");
    expect(zh.clock(at)).toBe("00:30:00");
  });
  it("tells distance from now in the largest whole unit", () => {
    const now = Date.parse("2026-11-22T12:00:00Z");
    expect(en.ago("2026-11-22T11:57:10Z", now)).toBe("2 min. ago");
    expect(zh.ago("2026-11-20T11:00:00Z", now)).toBe("前天");
    expect([en.ago(new Date(now - 4_000).toISOString(), now), zh.ago(new Date(now - 4_000).toISOString(), now)]).toEqual(["just now", "刚刚"]);
  });
  it("names spans by their two largest units", () => {
    expect(en.span(273845)).toBe("3 days 4 hr");
    expect(en.span(0.2)).toBe("0 sec");
    expect(en.span(86_400 + 5)).toBe("1 day");
  });
});
