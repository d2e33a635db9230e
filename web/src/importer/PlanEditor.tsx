import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Segmented } from "antd";
import { api, call } from "../api/client";
import { FormFault } from "../auth/fault";
import type { ImportPlan, Preset } from "../api/types";
import { useT } from "../app/i18n";
import { ActButton } from "../ui/ActButton";
import { useFmt } from "../ui/format";
import { useDebounced } from "../ui/hooks";
import { Card } from "../ui/PageHead";
import { Await } from "../ui/states";
import type { Draft } from "./draft";
import { missing, saysItself, suggest } from "./mapping";
import { MappingTable } from "./MappingTable";
import { Options } from "./Options";
import { OtherColumns } from "./OtherColumns";
import { Preview } from "./Preview";
import { presetsQuery, usePreview } from "./queries";

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onDiscard: () => void;
  onStarted: (id: number) => void;
}

const presets: Preset[] = ["people", "order-lines", "events"];

/** What the file is, what its columns are, what comes of it; then the start. */
export function PlanEditor({ draft, onChange, onDiscard, onStarted }: Props) {
  const t = useT("importer");
  const fmt = useFmt();
  const { message } = App.useApp();
  const { file, preset, mapping, options } = draft;
  const all = useQuery(presetsQuery);
  const fieldsOf = (p: Preset) => all.data?.find((each) => each.preset === p)?.fields ?? [];
  const fields = fieldsOf(preset);
  const itself = saysItself(file.format, preset, mapping);
  const lacking = itself ? [] : missing(preset, fields, mapping, options);
  const plan: ImportPlan = { file_id: file.file_id, preset, mapping, options };
  const preview = usePreview(useDebounced(plan, 400));
  const problems = preview.data?.problems ?? [];
  const start = useMutation({
    mutationFn: () => call(api.POST("/imports", { body: plan })),
    onSuccess: (i) => onStarted(i.id),
  });
  const choosePreset = (next: Preset) => onChange({ ...draft, preset: next, mapping: next === file.preset ? file.mapping : suggest(next, fieldsOf(next), file.columns, mapping) });
  const problemOf = (field: string) => problems.find((p) => p.field === `mapping.${field}`)?.message;

  return (
    <Await query={all}>
      {() => (
        <div className="plan">
          <div className="stack">
            <Card
              title={file.name}
              note={[fmt.bytes(file.bytes), t(`format.${file.format}`), file.encoding, t("columns", { n: fmt.int(file.columns.length) })].join(" · ")}
              actions={
                <Button type="text" onClick={onDiscard}>
                  {t("discard")}
                </Button>
              }
            >
              <h3>{t("what")}</h3>
              <Segmented block value={preset} onChange={(p) => choosePreset(p as Preset)} options={presets.map((p) => ({ value: p, label: t(`preset.${p}.title`) }))} />
              <p className="muted plan-note">{t(`preset.${preset}.becomes`)}</p>
            </Card>
            {itself ? (
              <Card title={t("map.title")}>
                <p>{t("map.itself")}</p>
              </Card>
            ) : (
              <>
                <Card title={t("map.title")} note={t("map.note")}>
                  <MappingTable file={file} fields={fields} mapping={mapping} lacking={lacking} problemOf={problemOf} onChange={(m) => onChange({ ...draft, mapping: m })} />
                </Card>
                <OtherColumns file={file} preset={preset} fields={fields} mapping={mapping} onChange={(m) => onChange({ ...draft, mapping: m })} />
              </>
            )}
            <Options preset={preset} options={options} problems={problems} onChange={(o) => onChange({ ...draft, options: o })} />
          </div>
          <aside className="stack plan-side">
            <Preview query={preview} fields={fields} />
            <Card>
              <FormFault error={start.error} />
              <p className="plan-ready">{lacking.length > 0 ? t("lacking", { n: lacking.length }) : problems.length > 0 ? t("problems") : t("ready")}</p>
              <ActButton
                block
                size="large"
                disabled={lacking.length > 0 || problems.length > 0 || preview.data === undefined}
                loading={start.isPending && { delay: 300 }}
                onClick={() => start.mutate(undefined, { onError: () => void message.error(t("not_started")) })}
              >
                {t("start")}
              </ActButton>
              <p className="muted plan-safe">{t("safe")}</p>
            </Card>
          </aside>
        </div>
      )}
    </Await>
  );
}
