import { Link } from "@tanstack/react-router";
import { useT } from "../../app/i18n";

export const tabs = [
  ["distribution", "/insight/distribution"],
  ["stickiness", "/insight/distribution/stickiness"],
  ["interval", "/insight/distribution/interval"],
  ["rfm", "/insight/distribution/rfm"],
] as const;

/** The four questions of this room, side by side. */
export function Tabs({ now }: { now: (typeof tabs)[number][0] }) {
  const t = useT("distribution");
  return (
    <nav className="dist-tabs" aria-label={t("nav")}>
      {tabs.map(([key, to]) => (
        <Link key={key} to={to as string} search={{}} activeOptions={{ exact: true, includeSearch: false }} aria-current={key === now ? "page" : undefined}>
          {t(`tab.${key}`)}
        </Link>
      ))}
    </nav>
  );
}
