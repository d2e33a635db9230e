import { theme as antd, type ThemeConfig } from "antd";
import { isStill } from "./prefs";

/** The console's colours. Everything, AntD's tokens, the style sheet and the charts, takes them from here. */
export interface Palette {
  paper: string;
  card: string;
  raised: string;
  sunk: string;
  line: string;
  ink: string;
  ink2: string;
  ink3: string;
  teal: string;
  tealSoft: string;
  lake: string;
  lakeSoft: string;
  act: string;
  actInk: string;
  actSoft: string;
  good: string;
  bad: string;
  badSoft: string;
  /** Series colours in order; told apart also by red-green blind eyes and in grey. */
  series: string[];
}

export const light: Palette = {
  paper: "#f6f5f1",
  card: "#ffffff",
  raised: "#ffffff",
  sunk: "#eeede7",
  line: "#e3e1d9",
  ink: "#17262a",
  ink2: "#4d5d61",
  ink3: "#616e71",
  teal: "#0f5c63",
  tealSoft: "#e2efee",
  lake: "#256c9a",
  lakeSoft: "#e3eef6",
  act: "#a94e15",
  actInk: "#ffffff",
  actSoft: "#f9ebdf",
  good: "#2b7350",
  bad: "#b23a34",
  badSoft: "#faeae8",
  series: ["#0f6b72", "#4a9bd0", "#d98a3a", "#7f8f95", "#7d5a8c", "#9aa83c"],
};

export const dark: Palette = {
  paper: "#0d1416",
  card: "#141d20",
  raised: "#1a2528",
  sunk: "#0a1012",
  line: "#26343a",
  ink: "#e6eded",
  ink2: "#a9b8ba",
  ink3: "#8a9a9d",
  teal: "#58b7b4",
  tealSoft: "#16302f",
  lake: "#74b4e0",
  lakeSoft: "#152b3a",
  act: "#f0a55f",
  actInk: "#221204",
  actSoft: "#35251a",
  good: "#6cc199",
  bad: "#ef8a80",
  badSoft: "#3a2020",
  series: ["#45b0ac", "#86bfe8", "#eda75c", "#8fa1a7", "#b694c6", "#bccb63"],
};

export const palette = (isDark: boolean): Palette => (isDark ? dark : light);

/** For canvases, which read no CSS variables. */
export const fontStack =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", "Helvetica Neue", Arial, sans-serif';

export function antdTheme(isDark: boolean): ThemeConfig {
  const p = palette(isDark);
  return {
    algorithm: isDark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: p.teal,
      colorInfo: p.lake,
      colorLink: p.lake,
      colorSuccess: p.good,
      colorWarning: p.act,
      colorError: p.bad,
      colorTextBase: p.ink,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextDescription: p.ink3,
      colorTextPlaceholder: p.ink3,
      colorSuccessBg: p.tealSoft,
      colorSuccessBorder: p.tealSoft,
      colorInfoBg: p.lakeSoft,
      colorInfoBorder: p.lakeSoft,
      colorWarningBg: p.actSoft,
      colorWarningBorder: p.actSoft,
      colorErrorBg: p.badSoft,
      colorErrorBorder: p.badSoft,
      colorBgBase: p.card,
      colorBgLayout: p.paper,
      colorBgContainer: p.card,
      colorBgElevated: p.raised,
      colorBorder: p.line,
      colorBorderSecondary: p.line,
      borderRadius: 8,
      fontFamily: "var(--font)",
      fontSize: 14,
      controlHeight: 36,
      motion: !isStill,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", primaryColor: isDark ? "#06201f" : "#ffffff" },
      Table: { headerBg: p.card, headerColor: p.ink3, headerSplitColor: "transparent", rowHoverBg: p.tealSoft, headerSortActiveBg: p.sunk, headerSortHoverBg: p.sunk, bodySortBg: p.card, borderColor: p.line },
      Segmented: { trackBg: p.sunk, itemSelectedBg: p.card },
      Tooltip: { colorBgSpotlight: isDark ? "#2a393d" : "#17262a" },
    },
  };
}

/** Puts the palette on the document, where theme.css reads it as var(--ink), var(--series-1) and so on. */
export function paint(isDark: boolean): void {
  const root = document.documentElement;
  root.dataset.theme = isDark ? "dark" : "light";
  root.style.colorScheme = isDark ? "dark" : "light";
  const { series, ...colours } = palette(isDark);
  for (const [name, value] of Object.entries(colours)) {
    root.style.setProperty(`--${name.replace(/[A-Z]|\d/g, (c) => `-${c.toLowerCase()}`)}`, value as string);
  }
  series.forEach((value, i) => root.style.setProperty(`--series-${i + 1}`, value));
}
