import { BulbOutlined, DownOutlined, TranslationOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { lazy, Suspense, useState } from "react";
import { api, call } from "../api/client";
import { switchLang, useT } from "./i18n";
import { themePref, useLang, useTheme, type Theme } from "./prefs";
import { dropSession, useSession } from "./session";

const PasswordDialog = lazy(() => import("../auth/PasswordDialog"));

/** Language and light or dark, also before sign-in. */
export function PrefsSwitch() {
  const t = useT("app");
  const lang = useLang();
  const theme = useTheme();
  const themes: Theme[] = ["system", "light", "dark"];
  return (
    <>
      <Button
        type="text"
        icon={<TranslationOutlined aria-hidden />}
        lang={lang === "en" ? "zh-CN" : "en"}
        onClick={() => void switchLang(lang === "en" ? "zh-CN" : "en")}
      >
        <span className="wide-only">{lang === "en" ? "中文" : "English"}</span>
      </Button>
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: [theme],
          items: themes.map((key) => ({ key, label: t(`theme.${key}`) })),
          onClick: (e) => themePref.set(e.key as Theme),
        }}
      >
        <Button type="text" icon={<BulbOutlined aria-hidden />} aria-label={t("theme.switch")} />
      </Dropdown>
    </>
  );
}

export function UserMenu() {
  const t = useT("app");
  const { user } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [password, setPassword] = useState(false);

  const signOut = async () => {
    try {
      await call(api.DELETE("/session"));
    } finally {
      dropSession(client);
      await navigate({ to: "/sign-in", search: {} });
    }
  };

  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "who", type: "group", label: `${user.email} · ${t(`role.${user.role}`)}` },
            { key: "password", label: t("password.change"), onClick: () => setPassword(true) },
            { type: "divider" },
            { key: "out", label: t("sign_out"), onClick: () => void signOut() },
          ],
        }}
      >
        <Button type="text" className="user" aria-label={t("account", { name: user.name })}>
          <span className="avatar" aria-hidden>
            {[...user.name][0]?.toUpperCase()}
          </span>
          <span className="wide-only">{user.name}</span>
          <DownOutlined aria-hidden className="wide-only" style={{ fontSize: 10 }} />
        </Button>
      </Dropdown>
      {password && (
        <Suspense>
          <PasswordDialog onClose={() => setPassword(false)} />
        </Suspense>
      )}
    </>
  );
}
