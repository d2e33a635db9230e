import { LeftOutlined } from "@ant-design/icons";
import { Link, useSearch } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";
import { TagForm } from "./TagForm";

export function NewTagPage() {
  const t = useT("tag");
  const { group } = useSearch({ from: "/shell/pool/tags/new" });
  return (
    <>
      <PageHead
        title={t("new")}
        above={
          <Link to="/pool/tags" className="back">
            <LeftOutlined aria-hidden /> {t("nav")}
          </Link>
        }
      />
      <TagForm group={group} />
    </>
  );
}
