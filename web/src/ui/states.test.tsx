// @vitest-environment jsdom
import type { UseQueryResult } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/error";
import { startI18n, switchLang } from "../app/i18n";
import { Await } from "./states";

beforeAll(startI18n);
beforeEach(() => switchLang("zh-CN"));
afterEach(cleanup);

const query = (q: Partial<UseQueryResult<string>>) => q as UseQueryResult<string>;
const draw = (q: Partial<UseQueryResult<string>>) => render(<Await query={query(q)}>{(data) => <p>{data}</p>}</Await>);

describe("Await", () => {
  it("says what happened in the reader's language, with the code, and tries again", async () => {
    const refetch = vi.fn();
    draw({ isError: true, error: new ApiError({ status: 403, code: "auth.forbidden", detail: "the role analyst may not do this" }), refetch });
    expect(screen.getByRole("alert").textContent).toContain("你的角色没有这项权限");
    expect(screen.getByText("auth.forbidden")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "再试一次" }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  it("shows the server's words for a code it does not know", () => {
    draw({ isError: true, error: new ApiError({ status: 409, code: "brand.new", detail: "choose another name" }) });
    expect(screen.getByRole("alert").textContent).toContain("choose another name");
  });

  it("keeps showing data when only a refresh failed", () => {
    draw({ isError: true, error: new TypeError("Failed to fetch"), data: "12,345" });
    expect(screen.getByText("12,345")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("waits quietly, with a name for screen readers", () => {
    draw({ isError: false });
    expect(screen.getByRole("status", { name: "正在读取" }).className).toBe("late");
  });
});
