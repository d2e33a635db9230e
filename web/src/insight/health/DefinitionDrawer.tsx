import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form, InputNumber, Select } from "antd";
import { useState } from "react";
import { api, callWithETag } from "../../api/client";
import { asApiError } from "../../api/error";
import type { HealthDefinition, Measure } from "../../api/health";
import { useT } from "../../app/i18n";
import { FormFault } from "../../auth/fault";
import { useVocabulary } from "../../pool/rule/schema";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { Await } from "../../ui/states";
import { sharesOf } from "./health";

/** How the score is made: weights, bands, and what counts as spreading the word. */
export function DefinitionDrawer({ onClose, onSaved }: { onClose: () => void; onSaved: () => void }) {
  const t = useT("health");
  const found = useQuery({ queryKey: ["health", "definition"], queryFn: () => callWithETag(api.GET("/health/definition")), staleTime: 0 });
  return (
    <Drawer open size={720} title={t("define.title")} onClose={onClose}>
      <Await query={found}>{({ data, etag }) => <DefinitionForm key={etag} first={data} etag={etag} onClose={onClose} onSaved={onSaved} />}</Await>
    </Drawer>
  );
}

function DefinitionForm({ first, etag, onClose, onSaved }: { first: HealthDefinition; etag: string; onClose: () => void; onSaved: () => void }) {
  const t = useT("health");
  const fmt = useFmt();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { schema } = useVocabulary();
  const [draft, setDraft] = useState(first);
  const shares = sharesOf(draft);
  const save = useMutation({
    mutationFn: () => callWithETag(api.PUT("/health/definition", { params: { header: etag === "" ? {} : { "If-Match": etag } }, body: draft })),
    onSuccess: () => {
      void message.success(t("ui:saved"));
      void client.invalidateQueries({ queryKey: ["health", "definition"] });
      onSaved();
      onClose();
    },
  });
  const set = (i: number, change: Partial<Measure>) => setDraft({ ...draft, parts: draft.parts.map((m, k) => (k === i ? { ...m, ...change } : m)) });
  const percent = (v: number, on: (v: number) => void, label: string) => <InputNumber value={Math.round(v * 1000) / 10} min={0} max={100} step={1} suffix="%" aria-label={label} onChange={(n) => on((n ?? 0) / 100)} />;
  return (
    <Form layout="vertical" onFinish={() => save.mutate()}>
      <p className="muted">{t("define.note")}</p>
      <FormFault error={save.error} />
      {save.isError && (
        <ul className="question-violations">
          {asApiError(save.error).violations.map((v) => (
            <li key={v.location + v.message}>{v.message}</li>
          ))}
        </ul>
      )}
      <div className="chart-table">
        <table className="plain health-define">
          <thead>
            <tr>
              {["part", "weight", "worst", "best"].map((k) => (
                <th scope="col" key={k}>
                  {t(`define.${k}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {draft.parts.map((m, i) => {
              const name = t(`part.${m.part}.name`);
              return (
                <tr key={m.part}>
                  <td>
                    <b>{name}</b>
                    <div className="muted">{t("parts.counts", { share: fmt.pct(shares[m.part] ?? 0) })}</div>
                  </td>
                  <td>
                    <InputNumber value={m.weight} min={0} max={100} aria-label={`${name} ${t("define.weight")}`} onChange={(n) => set(i, { weight: n ?? 0 })} />
                  </td>
                  <td>{percent(m.worst, (worst) => set(i, { worst }), `${name} ${t("define.worst")}`)}</td>
                  <td>{percent(m.best, (best) => set(i, { best }), `${name} ${t("define.best")}`)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Form.Item label={t("define.spread")} extra={t("define.spread_help")}>
        <Select mode="tags" value={draft.spread_events} options={schema.events.map((e) => ({ value: e.name, label: e.name }))} onChange={(spread_events: string[]) => setDraft({ ...draft, spread_events })} />
      </Form.Item>
      <div className="row rule-sizes">
        <Form.Item label={t("define.fair")}>
          <InputNumber value={draft.fair} min={1} max={99} onChange={(n) => setDraft({ ...draft, fair: n ?? 1 })} />
        </Form.Item>
        <Form.Item label={t("define.good")}>
          <InputNumber value={draft.good} min={2} max={100} onChange={(n) => setDraft({ ...draft, good: n ?? 100 })} />
        </Form.Item>
        <Form.Item label={t("define.min")}>
          <InputNumber value={draft.min_people} min={1} precision={0} onChange={(n) => setDraft({ ...draft, min_people: n ?? 1 })} />
        </Form.Item>
      </div>
      <div className="dialog-foot">
        <Button onClick={onClose}>{t("ui:cancel")}</Button>
        <ActButton htmlType="submit" loading={save.isPending && { delay: 300 }}>
          {t("ui:save")}
        </ActButton>
      </div>
    </Form>
  );
}
