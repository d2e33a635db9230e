import { CheckOutlined, DeleteOutlined, StarOutlined } from "@ant-design/icons";
import { App, Button, Input, Popover } from "antd";
import { useState } from "react";
import { useT } from "../../app/i18n";
import type { PeopleSearch } from "./filter";
import { keepView, readViews, sameSearch, type View } from "./views";

const place = "huoshui.views.people";

function stored(): View[] {
  try {
    return readViews(localStorage.getItem(place));
  } catch {
    return [];
  }
}

interface Props {
  search: PeopleSearch;
  /** The columns shown at the moment of saving. */
  columns: () => string[];
  /** Undefined: everyone, with the list's own columns. */
  onOpen: (view: View | undefined) => void;
}

/** Saved views: what the list shows, kept under a name in this browser. */
export function ViewsButton({ search, columns, onOpen }: Props) {
  const t = useT("people");
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [views, setViews] = useState(stored);
  const [name, setName] = useState("");

  const keep = (next: View[]) => {
    setViews(next);
    try {
      localStorage.setItem(place, JSON.stringify(next));
    } catch {
      // storage refused: the views hold until the page is left
    }
  };
  const current = views.find((v) => sameSearch(v.search, search));
  const pick = (v: View | undefined) => {
    setOpen(false);
    onOpen(v);
  };
  const save = () => {
    const named = name.trim();
    if (named === "") return;
    keep(keepView(views, { name: named, search, columns: columns() }));
    setName("");
    setOpen(false);
    void message.success(t("view.saved", { name: named }));
  };

  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={
        <div className="view-list">
          <ul>
            <ViewRow label={t("view.all")} on={sameSearch(search, {})} onPick={() => pick(undefined)} />
            {views.map((v) => (
              <ViewRow key={v.name} label={v.name} on={v === current} onPick={() => pick(v)} onRemove={() => keep(views.filter((each) => each !== v))} removeLabel={t("view.remove", { name: v.name })} />
            ))}
          </ul>
          {views.length === 0 && <p className="muted">{t("view.none")}</p>}
          <form className="view-save" onSubmit={(e) => (e.preventDefault(), save())}>
            <Input value={name} maxLength={40} onChange={(e) => setName(e.target.value)} placeholder={t("view.hint")} aria-label={t("view.name")} />
            <Button htmlType="submit" disabled={name.trim() === ""} title={views.some((v) => v.name === name.trim()) ? t("view.replace") : t("view.save")}>
              {t("ui:save")}
            </Button>
          </form>
        </div>
      }
    >
      <Button icon={<StarOutlined aria-hidden />}>{current?.name ?? t("view.menu")}</Button>
    </Popover>
  );
}

interface RowProps {
  label: string;
  on: boolean;
  onPick: () => void;
  onRemove?: () => void;
  removeLabel?: string;
}

function ViewRow({ label, on, onPick, onRemove, removeLabel }: RowProps) {
  return (
    <li>
      <Button type="text" className="view" icon={on ? <CheckOutlined aria-hidden /> : undefined} onClick={onPick} aria-current={on || undefined}>
        {label}
      </Button>
      {onRemove && <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={removeLabel} title={removeLabel} onClick={onRemove} />}
    </li>
  );
}
