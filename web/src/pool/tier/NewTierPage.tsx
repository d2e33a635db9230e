import { LeftOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Params, TierTemplate } from "../../api/rules";
import { useT } from "../../app/i18n";
import { ActButton } from "../../ui/ActButton";
import { useFmt } from "../../ui/format";
import { useDebounced } from "../../ui/hooks";
import { Card, PageHead } from "../../ui/PageHead";
import { Await } from "../../ui/states";
import { useTwo } from "../rule/two";
import { CutoffList } from "./CutoffList";
import { LevelBar } from "./LevelBar";
import { blankLevel, defaults, fromPreview, type DraftLevel, type MadeWords } from "./levels";
import { ParamFields } from "./ParamFields";
import { templatesQuery } from "./queries";
import { Templates } from "./Templates";
import { TierForm } from "./TierForm";

/** A new dimension: from a template whose figures one sees before it is made, or from nothing. */
export function NewTierPage() {
  const t = useT("tier");
  const { template } = useSearch({ from: "/shell/pool/tiers/new" });
  const templates = useQuery(templatesQuery);
  const chosen = templates.data?.items.find((x) => x.template === template);
  const [blank] = useState(() => {
    const first = blankLevel([]);
    return [first, { ...blankLevel([first.key]), title: t("others") }];
  });
  return (
    <>
      <PageHead
        title={t("new")}
        answer={template === undefined ? t("new_answer") : undefined}
        above={
          template === undefined ? (
            <Link to="/pool/tiers" className="back">
              <LeftOutlined aria-hidden /> {t("nav")}
            </Link>
          ) : (
            <Link to="/pool/tiers/new" className="back">
              <LeftOutlined aria-hidden /> {t("templates")}
            </Link>
          )
        }
      />
      {template === undefined && <Templates />}
      {template === "none" && <TierForm start={{ title: "", description: "", levels: blank, stay_days: 0, grace_days: 0 }} />}
      {template !== undefined && template !== "none" && <Await query={templates}>{() => (chosen ? <FromTemplate key={chosen.template} template={chosen} /> : <Templates />)}</Await>}
    </>
  );
}

/** First the template's figures with what they would give, then its levels to edit. */
function FromTemplate({ template }: { template: TierTemplate }) {
  const t = useT("tier");
  const fmt = useFmt();
  const two = useTwo();
  const words: MadeWords = (key, what, otherwise) => t(`made.${template.template}.${key}.${what}`, { defaultValue: otherwise });
  const [params, setParams] = useState<Params>(() => defaults(template.params));
  const [levels, setLevels] = useState<DraftLevel[]>();
  const rested = useDebounced(params, 250);
  const preview = useQuery({
    queryKey: ["tiers", "preview", template.template, rested],
    queryFn: ({ signal }) => call(api.POST("/tiers/preview", { body: { template: template.template, params: rested }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  if (levels) return <TierForm start={{ title: two(template.title), description: two(template.description), template: template.template, params: preview.data?.params ?? params, levels, stay_days: template.stay_days, grace_days: template.grace_days }} />;
  return (
    <div className="grid">
      <div className="half">
        <Card title={two(template.title)} note={two(template.description)}>
          <ParamFields params={template.params} value={params} onChange={setParams} />
        </Card>
      </div>
      <div className="half">
        <Card title={t("preview.title")} note={t("preview.note")}>
          <Await query={preview}>
            {(p) => {
              const counted = p.levels.map((l) => ({ key: l.key, title: words(l.key, "title", l.title), color: l.color, people: p.counts.find((c) => c.level === l.key)?.people ?? 0 }));
              return (
                <div className="stack" style={{ opacity: preview.isPlaceholderData ? 0.6 : 1 }}>
                  <LevelBar levels={counted} />
                  <table className="plain">
                    <tbody>
                      {counted.map((l) => (
                        <tr key={l.key}>
                          <th scope="row">{l.title}</th>
                          <td className="num">{fmt.int(l.people)}</td>
                          <td className="num muted">{fmt.pct(p.total === 0 ? 0 : l.people / p.total)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                  {p.cutoffs && <CutoffList cutoffs={p.cutoffs} />}
                  <div className="row">
                    <ActButton disabled={preview.isPlaceholderData || preview.isError} onClick={() => setLevels(fromPreview(p, words))}>
                      {t("preview.go")}
                    </ActButton>
                    <Link to="/pool/tiers/new">
                      <Button>{t("preview.other")}</Button>
                    </Link>
                  </div>
                </div>
              );
            }}
          </Await>
        </Card>
      </div>
    </div>
  );
}
