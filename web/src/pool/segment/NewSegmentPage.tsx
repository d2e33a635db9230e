import { LeftOutlined } from "@ant-design/icons";
import { Link, useSearch } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";
import { SegmentForm } from "./SegmentForm";

export function NewSegmentPage() {
  const t = useT("segment");
  const start = useSearch({ from: "/shell/pool/segments/new" });
  return (
    <>
      <PageHead
        title={t("new")}
        answer={t("new_answer")}
        above={
          <Link to="/pool/segments" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
      />
      <SegmentForm key={start.rule ?? ""} start={start} />
    </>
  );
}
