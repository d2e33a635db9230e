import { CloseOutlined, CodeOutlined, FilterOutlined, FormOutlined } from "@ant-design/icons";
import { Button, ConfigProvider } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useT } from "../../app/i18n";
import { useRuleDraft } from "../../pool/rule/draft";
import { condOf, emptyGroup } from "../../pool/rule/form";
import { FormRoot } from "../../pool/rule/RuleForm";
import { RuleText } from "../../pool/rule/RuleText";
import { useVocabulary } from "../../pool/rule/schema";
import { blank } from "../../pool/rule/subjects";
import { explain } from "../../ui/states";
import { whereServer } from "./where";

export interface WhereFieldProps {
  /** Whose properties are compared. */
  event: string;
  /** "" or undefined: any. */
  value?: string;
  onChange: (where: string | undefined) => void;
}

/** A condition over the properties of an event, in form and text. What is not whole yet is kept here and not told. */
export function WhereField({ event, value, onChange }: WhereFieldProps) {
  const t = useT("query");
  const [open, setOpen] = useState(Boolean(value));
  const [asText, setAsText] = useState(false);
  // another event has other properties: its condition begins anew; what was told from here comes back and is the draft's own
  const told = useRef(value ?? "");
  const [round, setRound] = useState(0);
  useEffect(() => {
    if ((value ?? "") === told.current) return;
    told.current = value ?? "";
    setRound((n) => n + 1);
    if (value) setOpen(true);
  }, [value]);
  if (event === "") return null;
  if (!open)
    return (
      <Button type="text" size="small" className="where-open" icon={<FilterOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {t("where.add")}
      </Button>
    );
  return (
    <div className="where">
      <div className="where-head">
        <span className="muted">{t("where.title")}</span>
        <span className="grow" />
        <Button
          type="text"
          size="small"
          icon={asText ? <FormOutlined aria-hidden /> : <CodeOutlined aria-hidden />}
          aria-label={t(asText ? "where.as_form" : "where.as_text")}
          title={t(asText ? "where.as_form" : "where.as_text")}
          onClick={() => setAsText(!asText)}
        />
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined aria-hidden />}
          aria-label={t("where.remove")}
          title={t("where.remove")}
          onClick={() => {
            told.current = "";
            setOpen(false);
            onChange(undefined);
          }}
        />
      </div>
      <WhereDraft
        key={`${event}.${round}`}
        event={event}
        first={value ?? ""}
        asText={asText}
        onWhere={(text) => {
          if (text === told.current) return;
          told.current = text;
          onChange(text === "" ? undefined : text);
        }}
      />
    </div>
  );
}

function WhereDraft({ event, first, asText, onWhere }: { event: string; first: string; asText: boolean; onWhere: (text: string) => void }) {
  const t = useT("query");
  const words = useVocabulary();
  const server = useMemo(() => whereServer(event), [event]);
  const draft = useRuleDraft({ text: first }, server);
  const { state, text, form } = draft;
  const tell = useRef(onWhere);
  tell.current = onWhere;
  useEffect(() => {
    if (state === "ready") tell.current(text.trim());
  }, [state, text]);
  // an empty condition begins with its first line
  const begun = useRef(first !== "");
  useEffect(() => {
    if (begun.current || state === "asking") return;
    begun.current = true;
    if (form.of.length === 0) draft.setForm({ ...emptyGroup(), of: [condOf(blank("property"))] });
  }, [state, form, draft]);
  return (
    <ConfigProvider theme={{ token: { controlHeight: 30, controlHeightSM: 26 } }}>
      {asText ? <RuleText value={text} problems={draft.problems} onChange={draft.setText} plain /> : <FormRoot value={form} onChange={draft.setForm} words={words} event={event} disabled={false} />}
      {state === "open" && <p className="where-note muted">{t("where.unfinished")}</p>}
      {state === "wrong" && !asText && <p className="where-note bad">{t("where.wrong")}</p>}
      {draft.error && (
        <p className="where-note bad" role="alert">
          {explain(draft.error)}{" "}
          <Button size="small" onClick={draft.retry}>
            {t("ui:retry")}
          </Button>
        </p>
      )}
    </ConfigProvider>
  );
}
