import { LeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";
import { Await } from "../../ui/states";
import { tagQuery } from "./queries";
import { TagForm } from "./TagForm";

export function EditTagPage() {
  const t = useT("tag");
  const { key } = useParams({ from: "/shell/pool/tags/$key/edit" });
  const query = useQuery({ ...tagQuery(key), queryKey: ["tags", key, "edit"], staleTime: 0, gcTime: 0 });
  return (
    <Await query={query}>
      {({ data: tag, etag }) => (
        <>
          <PageHead
            title={t("edit", { title: tag.title })}
            above={
              <Link to="/pool/tags/$key" params={{ key }} className="back">
                <LeftOutlined aria-hidden /> {tag.title}
              </Link>
            }
          />
          <TagForm edited={{ tag, etag }} />
        </>
      )}
    </Await>
  );
}
