import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import { useT } from "../../app/i18n";
import { useDebounced } from "../../ui/hooks";
import { calledOf } from "./name";

/** Finds one person by name, phone, e-mail or any identity. */
export function PersonPick({ onPick }: { onPick: (p: { person: number; name: string }) => void }) {
  const t = useT("people");
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), 200);
  const found = useQuery({
    queryKey: ["people", "find", q],
    queryFn: ({ signal }) => call(api.GET("/people", { params: { query: { q, limit: 8 } }, signal })),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
  const name = (p: { id: number; name: string; phone: string; email: string }) => calledOf(p) || t("nameless", { id: p.id });
  const options = q === "" ? [] : (found.data?.items ?? []).map((p) => ({ value: p.id, label: name(p), hint: [p.phone, p.email].filter((v) => v && v !== name(p)).join(" · ") }));
  return (
    <Select<number, { value: number; label: string; hint: string }>
      style={{ width: "100%" }}
      aria-label={t("pick")}
      placeholder={t("pick")}
      value={null}
      showSearch={{ filterOption: false, onSearch: setText, searchValue: text }}
      notFoundContent={text.trim() === "" ? t("pick_type") : found.isFetching ? null : t("pick_none")}
      loading={found.isFetching}
      options={options}
      optionRender={(o) => (
        <span className="view-row">
          <span className="grow">{o.label}</span>
          <span className="muted">{o.data.hint}</span>
        </span>
      )}
      onSelect={(id, option) => {
        setText("");
        onPick({ person: id, name: String(option.label) });
      }}
    />
  );
}
