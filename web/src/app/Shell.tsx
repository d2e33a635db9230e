import { MenuOutlined, SearchOutlined } from "@ant-design/icons";
import { Link, Outlet, useRouteContext, useRouterState } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { Bell } from "../insight/health/Bell";
import { useT } from "./i18n";
import { Logo } from "./Logo";
import { Nav } from "./Nav";
import { PrefsSwitch, UserMenu } from "./menus";
import { useSession } from "./session";

const CommandPalette = lazy(() => import("./CommandPalette"));

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The frame of every page: navigation, header, ⌘K. */
export function Shell() {
  const t = useT("app");
  const { nav } = useRouteContext({ from: "__root__" });
  const { pool } = useSession();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState<"never" | "open" | "shut">("never");

  useEffect(() => setDrawer(false), [path]);
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === "k") {
        e.preventDefault();
        setPalette((p) => (p === "open" ? "shut" : "open"));
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const brand = (
    <Link to="/" className="brand" aria-label={t("home")}>
      <Logo />
      <span className="brand-name">
        <b>{pool.name}</b>
        <small>{t("brand")}</small>
      </span>
    </Link>
  );

  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t("skip")}
      </a>
      <aside className="side">
        {brand}
        <Nav items={nav} />
      </aside>
      <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={272} title={brand} className="side-drawer">
        <Nav items={nav} />
      </Drawer>
      <div className="main">
        <header className="top">
          <Button
            className="burger"
            type="text"
            icon={<MenuOutlined aria-hidden />}
            aria-label={t("open_nav")}
            onClick={() => setDrawer(true)}
          />
          <button type="button" className="find" onClick={() => setPalette("open")}>
            <SearchOutlined aria-hidden />
            <span>{t("find")}</span>
            <kbd>{isMac ? "⌘K" : "Ctrl K"}</kbd>
          </button>
          <span className="grow" />
          {pool.demo && <span className="demo-mark">{t("demo")}</span>}
          <Bell />
          <PrefsSwitch />
          <UserMenu />
        </header>
        <main id="page" className="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {palette !== "never" && (
        <Suspense>
          <CommandPalette open={palette === "open"} onClose={() => setPalette("shut")} nav={nav} />
        </Suspense>
      )}
    </div>
  );
}
