import { DragOutlined } from "@ant-design/icons";
import { useEffect, useRef, useState, type CSSProperties, type PointerEvent as ReactPointerEvent, type ReactNode } from "react";
import type { Item } from "../../api/boards";
import { useT } from "../../app/i18n";
import { columns, gap, height, put, reading, rowHeight, step } from "./grid";

export interface GridProps<T extends Item> {
  items: T[];
  children: (item: T) => ReactNode;
  /** What an item is called, for whom does not see it. */
  name: (item: T) => string;
  /** Present: items can be moved and made larger or smaller, by pointer and keys. `done` closes a movement. */
  onChange?: (items: Item[], done: boolean) => void;
}

/** Below this width items stand one below the other. */
const narrow = 760;

/** The board's grid. */
export function Grid<T extends Item>({ items, children, name, onChange }: GridProps<T>) {
  const t = useT("board");
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [held, setHeld] = useState<string>();
  const [said, setSaid] = useState("");
  useEffect(() => {
    const el = box.current;
    if (el === null) return;
    const watch = new ResizeObserver(() => setWidth(el.clientWidth));
    watch.observe(el);
    setWidth(el.clientWidth);
    return () => watch.disconnect();
  }, []);
  const stacked = width < narrow;
  const unit = (width + gap) / columns;
  const tall = (h: number) => h * (rowHeight + gap) - gap;
  const place = (i: Item): CSSProperties =>
    stacked ? { height: i.text === undefined ? tall(Math.max(i.h, 7)) : undefined } : { left: i.x * unit, top: i.y * (rowHeight + gap), width: i.w * unit - gap, height: tall(i.h) };

  const grab = (e: ReactPointerEvent, item: Item, resize: boolean) => {
    if (onChange === undefined || e.button !== 0) return;
    e.preventDefault();
    const el = e.currentTarget as HTMLElement;
    el.setPointerCapture(e.pointerId);
    el.focus();
    const from = { x: e.clientX, y: e.clientY };
    let latest: Item[] = items;
    setHeld(item.id);
    const move = (m: PointerEvent) => {
      const dx = Math.round((m.clientX - from.x) / unit);
      const dy = Math.round((m.clientY - from.y) / (rowHeight + gap));
      latest = put(items, item.id, resize ? { w: item.w + Math.min(dx, columns - item.x - item.w), h: item.h + dy } : { x: item.x + dx, y: item.y + dy });
      onChange(latest, false);
    };
    const end = () => {
      el.removeEventListener("pointermove", move);
      el.removeEventListener("pointerup", end);
      el.removeEventListener("pointercancel", end);
      setHeld(undefined);
      onChange(latest, true);
    };
    el.addEventListener("pointermove", move);
    el.addEventListener("pointerup", end);
    el.addEventListener("pointercancel", end);
  };

  const key = (e: React.KeyboardEvent, item: Item) => {
    if (onChange === undefined || !e.key.startsWith("Arrow")) return;
    e.preventDefault();
    const next = step(items, item.id, e.key, e.shiftKey);
    onChange(next, true);
    const at = next.find((i) => i.id === item.id);
    if (at) setSaid(t("grid.at", { x: at.x + 1, y: at.y + 1, w: at.w, h: at.h }));
  };

  return (
    <div ref={box} className={`board-grid ${stacked ? "stacked" : ""}`} style={stacked ? undefined : { height: tall(Math.max(1, height(items))) }}>
      {width > 0 &&
        [...items].sort(reading).map((item) => (
          <div key={item.id} className={`board-item ${held === item.id ? "held" : ""} ${onChange ? "edited" : ""}`} style={place(item)}>
            {children(item)}
            {onChange && !stacked && (
              <>
                <button type="button" className="board-grip" aria-label={t("grid.move", { name: name(item) })} title={t("grid.hint")} onPointerDown={(e) => grab(e, item, false)} onKeyDown={(e) => key(e, item)}>
                  <DragOutlined aria-hidden />
                </button>
                <span className="board-corner" aria-hidden onPointerDown={(e) => grab(e, item, true)} />
              </>
            )}
          </div>
        ))}
      <div className="visually-hidden" role="status">
        {said}
      </div>
    </div>
  );
}
