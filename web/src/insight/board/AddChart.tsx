import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Drawer, Input } from "antd";
import { useState } from "react";
import { charts } from "../../app/charts";
import { useT } from "../../app/i18n";
import { Pill } from "../../ui/Pill";
import { Await, EmptyState } from "../../ui/states";
import { savedChartsQuery } from "./queries";

/** Chooses saved charts for a board. */
export function AddChart({ on, onAdd, onClose }: { on: string[]; onAdd: (keys: string[]) => void; onClose: () => void }) {
  const t = useT("board");
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const query = useQuery(savedChartsQuery());
  const word = text.trim().toLowerCase();
  return (
    <Drawer
      open
      size={520}
      title={t("edit.add_chart")}
      onClose={onClose}
      footer={
        <div className="dialog-foot">
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="primary" disabled={chosen.length === 0} onClick={() => onAdd(chosen)}>
            {t("edit.put_n", { n: chosen.length })}
          </Button>
        </div>
      }
    >
      <Await query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("empty.charts_title")}
              text={t("empty.charts_text")}
              action={
                <div className="row">
                  {charts.slice(0, 4).map((c) => (
                    <Link key={c.kind} to={c.to}>
                      {t(`${c.kind}:nav`)}
                    </Link>
                  ))}
                </div>
              }
            />
          ) : (
            <div className="stack-s">
              <Input allowClear value={text} placeholder={t("search_charts")} aria-label={t("search_charts")} onChange={(e) => setText(e.target.value)} />
              <ul className="board-pick">
                {items
                  .filter((c) => word === "" || `${c.title} ${c.description}`.toLowerCase().includes(word))
                  .map((c) => (
                    <li key={c.key}>
                      <Checkbox checked={chosen.includes(c.key)} onChange={(e) => setChosen(e.target.checked ? [...chosen, c.key] : chosen.filter((k) => k !== c.key))}>
                        <b>{c.title}</b> <Pill>{t(`${c.kind}:nav`, { defaultValue: c.kind })}</Pill> {on.includes(c.key) && <span className="muted">{t("edit.on_it")}</span>}
                        {c.description !== "" && <small className="muted">{c.description}</small>}
                      </Checkbox>
                    </li>
                  ))}
              </ul>
            </div>
          )
        }
      </Await>
    </Drawer>
  );
}
