import { InputNumber, Select } from "antd";
import { useT } from "../../app/i18n";
import { useVocabulary } from "../../pool/rule/schema";
import type { Breakdown, Group } from "./wire";

export interface BreakdownFieldProps {
  value: Breakdown | undefined;
  onChange: (by: Breakdown | undefined) => void;
  /** The events whose properties are offered; none: no properties. */
  events?: string[];
  /** What it may be by; everything unless told. */
  by?: readonly Breakdown["by"][];
}

const usual = 10;

/** By what an answer is taken apart: a property, a channel, a trait, a tier, segments or tags. */
export function BreakdownField({ value, onChange, events = [], by }: BreakdownFieldProps) {
  const t = useT("query");
  const words = useVocabulary();
  const may = (b: Breakdown["by"]) => by === undefined || by.includes(b);
  const properties = may("property") ? [...new Set(events.flatMap((e) => words.properties(e).map((p) => p.name)))].sort() : [];
  const key = value === undefined ? "" : value.name === undefined ? value.by : `${value.by}:${value.name}`;
  const groups = [
    { label: t("breakdown.group.person"), options: (["channel", "first_channel"] as const).filter(may).map((b) => ({ value: b as string, label: t(`breakdown.${b}`) })) },
    { label: t("breakdown.group.operation"), options: [...(may("tier") ? words.tiers.map((d) => ({ value: `tier:${d.value}`, label: t("breakdown.tier", { name: d.label }) })) : []), ...(["segment", "tag"] as const).filter(may).map((b) => ({ value: b as string, label: t(`breakdown.${b}`) }))] },
    { label: t("breakdown.group.property"), options: properties.map((p) => ({ value: `property:${p}`, label: p })) },
    { label: t("breakdown.group.trait"), options: may("trait") ? words.traits.map((x) => ({ value: `trait:${x.value}`, label: x.label })) : [] },
  ].filter((g) => g.options.length > 0);
  const known = groups.some((g) => g.options.some((o) => o.value === key));
  const many = value?.by === "segment" ? words.segments : value?.by === "tag" ? words.tags : undefined;
  return (
    <div className="breakdown">
      <Select
        value={key}
        aria-label={t("breakdown.label")}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: "label" }}
        options={[{ value: "", label: t("breakdown.none") }, ...(known || key === "" ? [] : [{ value: key, label: value?.name ?? key }]), ...groups]}
        onChange={(k: string) => {
          if (k === "") return onChange(undefined);
          const [kind = "", ...name] = k.split(":");
          const limit = value?.limit;
          if (kind === "segment" || kind === "tag") onChange({ by: kind, names: [], limit });
          else onChange({ by: kind as Breakdown["by"], name: name.length > 0 ? name.join(":") : undefined, limit });
        }}
      />
      {many && (
        <Select
          mode="multiple"
          value={value?.names ?? []}
          aria-label={t(`breakdown.pick.${value?.by}`)}
          placeholder={t(`breakdown.pick.${value?.by}`)}
          showSearch={{ optionFilterProp: "label" }}
          maxTagCount="responsive"
          options={many.map((o) => ({ value: o.value, label: o.label }))}
          onChange={(names) => value && onChange({ ...value, names })}
        />
      )}
      {value && !many && (
        <label className="breakdown-limit muted">
          {t("breakdown.limit")}
          <InputNumber size="small" min={1} max={50} precision={0} value={value.limit ?? usual} aria-label={t("breakdown.limit")} onChange={(n) => n !== null && onChange({ ...value, limit: n === usual ? undefined : n })} />
        </label>
      )}
    </div>
  );
}

/** Whether it can be asked: segments and tags have to be chosen. */
export const isWholeBreakdown = (b: Breakdown | undefined): boolean => b === undefined || (b.by !== "segment" && b.by !== "tag") || (b.names ?? []).length > 0;

/** The breakdown of an address, if it is one. */
export function readBreakdown(raw: unknown): Breakdown | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  const { by, name, names, limit } = raw as Record<string, unknown>;
  if (!["property", "channel", "first_channel", "trait", "tier", "segment", "tag"].includes(String(by))) return undefined;
  return {
    by: by as Breakdown["by"],
    ...(typeof name === "string" && { name }),
    ...(Array.isArray(names) && { names: names.filter((n) => typeof n === "string") }),
    ...(typeof limit === "number" && limit >= 1 && { limit: Math.floor(limit) }),
  };
}

/** What a group of an answer is called. */
export function useGroupName(by: Breakdown | undefined): (group: Group) => string {
  const t = useT("query");
  const words = useVocabulary();
  return ({ key, title, none, rest }) => {
    if (rest) return t("breakdown.rest");
    if (none) return t("breakdown.unknown");
    const found = by?.by === "tier" ? words.levels(by.name ?? "") : by?.by === "segment" ? words.segments : by?.by === "tag" ? words.tags : [];
    return title || found.find((o) => o.value === key)?.label || key;
  };
}
