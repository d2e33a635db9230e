import { AutoComplete, Form, Input, Select } from "antd";
import type { ImportOptions, ImportPreview, Preset } from "../api/types";
import { useT } from "../app/i18n";
import { usePool } from "../app/session";
import { Card } from "../ui/PageHead";

interface Props {
  preset: Preset;
  options: ImportOptions;
  problems: ImportPreview["problems"];
  onChange: (o: ImportOptions) => void;
}

const layouts = ["", "YYYY-MM-DD HH:mm:ss", "DMY", "MDY", "unix", "unix_ms", "excel"];

/** How to read times and money where the file does not say. */
export function Options({ preset, options, problems, onChange }: Props) {
  const t = useT("importer");
  const pool = usePool();
  const set = (part: Partial<ImportOptions>) => onChange({ ...options, ...part });
  const item = (name: keyof ImportOptions) => {
    const problem = problems.find((p) => p.field === `options.${name}`)?.message;
    return { label: t(`option.${name}`), extra: problem === undefined ? t(`option.${name}_help`) : undefined, help: problem, validateStatus: problem === undefined ? undefined : ("error" as const) };
  };
  return (
    <Card title={t("option.title")}>
      <Form layout="vertical" className="plan-options">
        {preset === "events" && (
          <Form.Item {...item("event_name")}>
            <Input value={options.event_name ?? ""} maxLength={200} placeholder="Store Visited" onChange={(e) => set({ event_name: e.target.value || undefined })} />
          </Form.Item>
        )}
        {preset !== "people" && (
          <Form.Item {...item("currency")}>
            <AutoComplete value={options.currency ?? pool.currency} onChange={(v: string) => set({ currency: v.trim().toUpperCase() || undefined })} options={[...new Set([pool.currency, "CNY", "HKD", "TWD", "USD", "EUR", "GBP", "JPY"])].map((value) => ({ value }))} />
          </Form.Item>
        )}
        <Form.Item {...item("time_zone")}>
          <Select
            showSearch
            value={options.time_zone ?? pool.time_zone}
            onChange={(time_zone: string) => set({ time_zone })}
            options={[...new Set([pool.time_zone, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((value) => ({ value, label: value }))}
          />
        </Form.Item>
        <Form.Item {...item("time_layout")}>
          <AutoComplete
            value={options.time_layout ?? ""}
            onChange={(v: string) => set({ time_layout: v || undefined })}
            placeholder={t("option.layout_auto")}
            options={layouts.map((value) => ({ value, label: value === "" ? t("option.layout_auto") : t(`option.layout.${value.replace(/[^A-Za-z_]/g, "")}`) }))}
          />
        </Form.Item>
      </Form>
    </Card>
  );
}
