import { DeleteOutlined, MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useT } from "../../app/i18n";
import { change, double, find, remove, step, unwrap, wrap } from "./edit";
import { isGroup, type Item } from "./form";
import { useScope } from "./scope";
import { saysNot } from "./subjects";

/** What can be done to a part of a rule, for those who do not drag. */
export function PartMenu({ item }: { item: Item }) {
  const t = useT("rule");
  const { root, set, focus, disabled } = useScope();
  if (disabled) return null;
  const group = isGroup(item);
  const act = (next: typeof root) => {
    set(next);
    focus(item);
  };
  const place = find(root, item.id);
  const first = place?.at === 0 && place.parent.id === root.id;
  const last = place?.at === root.of.length - 1 && place.parent.id === root.id;
  const compared = !group && item.leaf.op === "compare" && item.leaf.right.fn === "lit" && item.leaf.left.fn !== "tier" && item.leaf.left.fn !== "lit";
  const other = !group && item.leaf.op === "compare" && item.leaf.right.fn !== "lit";
  const setRight = (to: "lit" | "count") =>
    act(
      change(root, item.id, (c) =>
        isGroup(c) || c.leaf.op !== "compare" ? c : { ...c, leaf: { ...c.leaf, right: to === "lit" ? { fn: "lit", value: "" } : { fn: "count", event: "", window: "30d" } } },
      ),
    );
  return (
    <span className="rule-tools">
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...(group || !saysNot(item) ? [{ key: "not", label: t(item.not ? "not.off" : "not.on"), onClick: () => act(change(root, item.id, (i) => ({ ...i, not: !i.not }))) }] : []),
            ...(compared ? [{ key: "other", label: t("menu.compare_measure"), onClick: () => setRight("count") }] : []),
            ...(other ? [{ key: "lit", label: t("menu.compare_value"), onClick: () => setRight("lit") }] : []),
            { type: "divider" as const },
            { key: "up", label: t("menu.up"), disabled: first, onClick: () => act(step(root, item.id, -1)) },
            { key: "down", label: t("menu.down"), disabled: last, onClick: () => act(step(root, item.id, 1)) },
            { key: "wrap", label: t("menu.wrap"), onClick: () => act(wrap(root, item.id)) },
            ...(group ? [{ key: "unwrap", label: t("menu.unwrap"), onClick: () => set(unwrap(root, item.id)) }] : []),
            { key: "double", label: t("menu.double"), onClick: () => act(double(root, item.id)) },
          ],
        }}
      >
        <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t("menu.more")} />
      </Dropdown>
      <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t(group ? "menu.remove_group" : "menu.remove")} title={t(group ? "menu.remove_group" : "menu.remove")} onClick={() => set(remove(root, item.id))} />
    </span>
  );
}
