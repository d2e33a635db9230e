import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import type { Why } from "../../api/rules";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { isInstant } from "../people/columns";
import { useTwo } from "./two";
import "./rule.css";

/** A rule part by part: which hold for this person, with what values, and what is missing where they do not. */
export function WhyTree({ node, text = false }: { node: Why; text?: boolean }) {
  return (
    <div className="why">
      <Part node={node} text={text} alive />
    </div>
  );
}

function Part({ node, text, alive }: { node: Why; text: boolean; alive: boolean }) {
  const t = useT("rule");
  const two = useTwo();
  const fmt = useFmt();
  const value = (v: unknown) => (typeof v === "number" ? (Number.isInteger(v) ? fmt.int(v) : String(Math.round(v * 1e6) / 1e6)) : typeof v === "boolean" ? t(v ? "yes" : "no") : isInstant(v) ? fmt.time(v) : v === null ? t("why.missing") : `“${String(v)}”`);
  const parts = node.of as Why[];
  const matters = alive && node.decisive;
  const mark = node.holds ? "yes" : "no";
  const joins = node.op === "and" || node.op === "or";
  // "is not tagged" needs no "is tagged" below it; its values do
  const plain = node.op === "not" && parts.length === 1 && parts[0]?.of.length === 0 ? parts[0] : undefined;
  const actual = plain ? [...node.actual, ...plain.actual] : node.actual;
  return (
    <>
      <div className={`why-node ${mark} ${matters ? "" : "quiet"}`}>
        <span className={`why-mark ${mark}`} role="img" aria-label={t(node.holds ? "why.holds" : "why.holds_not")}>
          {node.holds ? <CheckOutlined aria-hidden /> : <CloseOutlined aria-hidden />}
        </span>
        <div className="why-what">
          <span>{joins && parts.length > 0 ? t(node.op === "and" ? "join.and_all" : "join.or_any") : two(node.sentence) || node.text}</span>
          {actual.map((a) => (
            <div key={a.text} className="why-actual">
              <span>{two(a.sentence) || a.text}</span>
              <span>
                {t("why.actual")} <b>{a.missing ? t("why.missing") : value(a.value)}</b>
              </span>
            </div>
          ))}
          {node.lack && <div className="why-lack">{two(node.lack)}</div>}
          {text && <code className="why-text">{node.text}</code>}
        </div>
      </div>
      {parts.length > 0 && plain === undefined && (
        <ul>
          {parts.map((each, i) => (
            <li key={i}>
              <Part node={each} text={text} alive={matters} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
