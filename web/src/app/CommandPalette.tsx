import { SearchOutlined, UserOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Modal } from "antd";
import { useDeferredValue, useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import { api, call } from "../api/client";
import { switchLang, useT } from "./i18n";
import { navWord } from "./Nav";
import { langPref, themePref } from "./prefs";
import type { NavItem } from "./root";
import { useDebounced } from "../ui/hooks";

interface Choice {
  key: string;
  icon: ReactNode;
  text: string;
  hint: string;
  run: () => void;
}

/** ⌘K: goes to any page, finds anyone by name, phone, e-mail or any identity. */
export default function CommandPalette({ open, onClose, nav }: { open: boolean; onClose: () => void; nav: NavItem[] }) {
  const t = useT("app");
  const router = useRouter();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const q = useDebounced(useDeferredValue(text.trim()), 150);

  const people = useQuery({
    queryKey: ["people", "find", q],
    queryFn: () => call(api.GET("/people", { params: { query: { q, limit: 8 } } })),
    enabled: open && q.length > 0,
    placeholderData: keepPreviousData,
  });

  const go = (href: string) => () => router.history.push(href);
  const matches = (s: string) => s.toLowerCase().includes(text.trim().toLowerCase());
  const choices: Choice[] = [
    ...nav
      .map((n) => ({ key: n.to, icon: n.icon, text: t(navWord(n)), hint: t("palette.page"), run: go(n.to) }))
      .filter((c) => matches(c.text) || matches(c.key)),
    ...(text.trim() === "" ? [] : (people.data?.items ?? [])).map((p) => ({
      key: `p${p.id}`,
      icon: <UserOutlined aria-hidden />,
      text: p.name || p.phone || p.email || t("palette.nameless", { id: p.id }),
      hint: [p.phone, p.email].filter(Boolean).join(" · "),
      run: go(`/pool/people/${p.id}`),
    })),
    ...(text.trim() === ""
      ? []
      : [{ key: "all", icon: <SearchOutlined aria-hidden />, text: t("palette.all", { text: text.trim() }), hint: "", run: go(`/pool/people?q=${encodeURIComponent(text.trim())}`) }]),
    ...[
      { key: "lang", icon: null, text: t("palette.lang"), hint: "", run: () => void switchLang(langPref.get() === "en" ? "zh-CN" : "en") },
      { key: "theme", icon: null, text: t("palette.theme"), hint: "", run: () => themePref.set(document.documentElement.dataset.theme === "dark" ? "light" : "dark") },
    ].filter((c) => text.trim() !== "" && matches(c.text)),
  ];

  useEffect(() => setAt(0), [text]);
  useEffect(() => {
    if (open) setText("");
  }, [open]);

  const pick = (c: Choice | undefined) => {
    if (c === undefined) return;
    onClose();
    c.run();
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return; // an input method is choosing characters
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const step = e.key === "ArrowDown" ? 1 : choices.length - 1;
      setAt((i) => (i + step) % Math.max(choices.length, 1));
    } else if (e.key === "Enter") {
      e.preventDefault();
      pick(choices[at]);
    }
  };

  return (
    <Modal open={open} onCancel={onClose} footer={null} closable={false} width={600} className="palette" destroyOnHidden title={null} aria-label={t("find")}>
      <div className="palette-input">
        <SearchOutlined aria-hidden />
        <input
          autoFocus
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={onKey}
          placeholder={t("palette.hint")}
          aria-label={t("palette.hint")}
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={choices[at] && `palette-${choices[at].key}`}
        />
        <kbd>Esc</kbd>
      </div>
      <ul id="palette-list" className="palette-list" role="listbox" aria-label={t("find")}>
        {choices.map((c, i) => (
          // keys are handled by the input, which keeps the focus
          <li
            key={c.key}
            id={`palette-${c.key}`}
            role="option"
            aria-selected={i === at}
            onMouseMove={() => setAt(i)}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => pick(c)}
          >
            <span className="palette-icon">{c.icon}</span>
            <span className="grow">{c.text}</span>
            <span className="muted">{c.hint}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
