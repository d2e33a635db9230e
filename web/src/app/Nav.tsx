import { Link } from "@tanstack/react-router";
import { useT } from "./i18n";
import type { NavItem, NavSection } from "./root";

const sections: NavSection[] = ["overview", "pool", "insight", "settings"];

export const navWord = (item: NavItem): string => `${item.room}:${item.label ?? "nav"}`;

export function Nav({ items }: { items: NavItem[] }) {
  const t = useT("app");
  return (
    <nav className="nav" aria-label={t("nav")}>
      {sections.map((section) => {
        const mine = items.filter((i) => i.section === section);
        if (mine.length === 0) return null;
        return (
          <div key={section} className="nav-section">
            {section !== "overview" && <h2>{t(`section.${section}`)}</h2>}
            <ul>
              {mine.map((item) => (
                <li key={item.to}>
                  <Link to={item.to} activeOptions={{ exact: item.to === "/" }} className="nav-link">
                    {item.icon}
                    <span>{t(navWord(item))}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
