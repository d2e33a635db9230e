import type { ReactNode } from "react";
import { useT } from "../app/i18n";
import { Logo } from "../app/Logo";
import { PrefsSwitch } from "../app/menus";
import "./auth.css";

/** The frame of the pages before sign-in: a quiet pond on one side, the form on the other. */
export function Gate({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  const t = useT("auth");
  return (
    <div className="gate">
      <aside className="gate-water" aria-hidden>
        <Pond />
        <p>{t("motto")}</p>
      </aside>
      <main className="gate-form">
        <div className="gate-top">
          <span className="brand">
            <Logo />
            <span className="brand-name">
              <b>{t("app:brand")}</b>
            </span>
          </span>
          <span className="grow" />
          <PrefsSwitch />
        </div>
        <div className="gate-box">
          <h1>{title}</h1>
          <p className="muted">{text}</p>
          {children}
        </div>
      </main>
    </div>
  );
}

function Pond() {
  return (
    <svg viewBox="0 0 480 480" preserveAspectRatio="xMidYMid slice">
      <g fill="none" stroke="#9ed6d6" strokeWidth="1">
        {[30, 66, 110, 162, 222, 290].map((r, i) => (
          <ellipse key={r} cx="240" cy="300" rx={r} ry={r * 0.36} opacity={0.75 - i * 0.11} />
        ))}
      </g>
      <circle cx="240" cy="212" r="6" fill="#f0f7f6" />
      <path d="M240 224v52" stroke="#f0f7f6" strokeOpacity="0.25" strokeDasharray="2 8" strokeLinecap="round" />
    </svg>
  );
}
