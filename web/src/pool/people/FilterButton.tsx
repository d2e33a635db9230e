import { FilterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Popover, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { isComplete, opsOf, takesValue, traitField, traitOf, type Filter, type Op } from "./filter";
import { FilterValue } from "./FilterValue";
import { useFilterWords } from "./filterWords";
import { fieldsQuery } from "./useFields";

const blank = (field: string): Filter => ({ field, op: opsOf(field)[0] ?? "eq", value: "" });

/** Adds a condition: one that is often used with one click, any other field by field. */
export function FilterButton({ onAdd, valuesOf }: { onAdd: (f: Filter) => void; valuesOf: (trait: string) => string[] }) {
  const t = useT("people");
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={<FilterForm valuesOf={valuesOf} onAdd={(f) => (setOpen(false), onAdd(f))} />}
    >
      <Button icon={<FilterOutlined aria-hidden />}>{t("filter.add")}</Button>
    </Popover>
  );
}

function FilterForm({ onAdd, valuesOf }: { onAdd: (f: Filter) => void; valuesOf: (trait: string) => string[] }) {
  const t = useT("people");
  const fmt = useFmt();
  const words = useFilterWords();
  const fields = useQuery(fieldsQuery).data;
  const [filter, setFilter] = useState<Filter>(() => blank("last_seen"));
  const back = (days: number) => dayjs(fmt.dayOf(Date.now())).subtract(days, "day").format("YYYY-MM-DD");
  const quick: [string, Filter][] = [
    ["identified", { field: "identified", op: "eq", value: "true" }],
    ["anonymous", { field: "identified", op: "eq", value: "false" }],
    ["buyers", { field: "orders", op: "gte", value: "1" }],
    ["repeat", { field: "orders", op: "gte", value: "2" }],
    ["new", { field: "first_seen", op: "gte", value: back(6) }],
    ["week", { field: "last_seen", op: "gte", value: back(6) }],
    ["quiet", { field: "last_seen", op: "lte", value: back(30) }],
  ];
  const group = (label: string, names: string[]) => ({
    label: t(`filter.group.${label}`),
    options: names.map((value) => ({ value, label: words.field(value), title: value })),
  });
  const traits = (fields?.traits ?? []).filter((each) => !/[:"\\]/.test(each.name)); // the form field:op:value has no place for these
  const trait = traitOf(filter.field);

  return (
    <div className="filter-pop">
      <div>
        <h3>{t("filter.common")}</h3>
        <div className="filter-quick">
          {quick.map(([name, f]) => (
            <Button key={name} size="small" onClick={() => onAdd(f)}>
              {t(`filter.quick.${name}`)}
            </Button>
          ))}
        </div>
      </div>
      <form
        className="filter-form"
        onSubmit={(e) => {
          e.preventDefault();
          if (isComplete(filter)) onAdd(filter);
        }}
      >
        <Select
          aria-label={t("filter.field")}
          value={filter.field}
          onChange={(field) => setFilter(blank(field))}
          showSearch={{ optionFilterProp: "label" }}
          options={[
            group("time", ["last_seen", "first_seen", "last_order"]),
            group("number", ["orders", "revenue", "events"]),
            group("who", ["identified", "channel", "class"]),
            { ...group("trait", traits.map((each) => traitField(each.name))), options: traits.map((each) => ({ value: traitField(each.name), label: words.field(traitField(each.name)), people: each.people })) },
          ]}
          optionRender={(o) => (
            <span className="view-row">
              <span className="grow">{o.label}</span>
              {"people" in o.data && <span className="muted">{t("filter.people", { n: fmt.compact(Number(o.data.people)) })}</span>}
            </span>
          )}
        />
        <Select
          aria-label={t("filter.op")}
          value={filter.op}
          onChange={(op: Op) => setFilter({ ...filter, op, value: takesValue(op) ? filter.value : "" })}
          options={opsOf(filter.field).map((op) => ({ value: op, label: words.op(filter.field, op) }))}
        />
        {takesValue(filter.op) && (
          <FilterValue
            filter={filter}
            onChange={(value) => setFilter({ ...filter, value })}
            suggestions={trait !== undefined ? valuesOf(trait) : (fields?.channels ?? [])}
          />
        )}
        <Button className="wide" type="primary" htmlType="submit" disabled={!isComplete(filter)}>
          {t("filter.apply")}
        </Button>
      </form>
    </div>
  );
}
