import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App as AntApp, ConfigProvider } from "antd";
import { useLayoutEffect, useMemo } from "react";
import { SaveChartButton } from "../insight/board/SaveChartButton";
import { SaveChartContext } from "../insight/query/SaveChart";
import { newQueryClient } from "../api/query";
import { antdLocale } from "./i18n";
import { useDark, useLang } from "./prefs";
import { newRouter } from "./router";
import { dropSession } from "./session";
import { antdTheme, paint } from "./theme";

function start() {
  const client = newQueryClient(() => {
    const at = router.state.location;
    if (at.pathname === "/sign-in" || at.pathname === "/set-up" || at.pathname === "/shared") return;
    dropSession(client);
    void router.navigate({ to: "/sign-in", search: { next: at.href } });
  });
  const router = newRouter(client);
  return { client, router };
}

export function App() {
  const { client, router } = useMemo(start, []);
  const lang = useLang();
  const isDark = useDark();
  const theme = useMemo(() => antdTheme(isDark), [isDark]);
  useLayoutEffect(() => paint(isDark), [isDark]);
  return (
    <ConfigProvider theme={theme} locale={antdLocale(lang)} button={{ autoInsertSpace: false }}>
      <AntApp component={false}>
        <QueryClientProvider client={client}>
          <SaveChartContext value={SaveChartButton}>
            <RouterProvider router={router} />
          </SaveChartContext>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
