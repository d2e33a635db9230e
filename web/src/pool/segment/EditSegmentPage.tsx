import { LeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";
import { Await, EmptyState } from "../../ui/states";
import { segmentQuery } from "./queries";
import { SegmentForm } from "./SegmentForm";

export function EditSegmentPage() {
  const t = useT("segment");
  const { key } = useParams({ from: "/shell/pool/segments/$key/edit" });
  // read once: what others save meanwhile must not run over what is being written
  const query = useQuery({ ...segmentQuery(key), staleTime: 0, gcTime: 0, queryKey: ["segments", key, "edit"], refetchOnReconnect: false });
  return (
    <Await query={query}>
      {({ data: segment, etag }) => (
        <>
          <PageHead
            title={t("edit", { title: segment.title })}
            above={
              <Link to="/pool/segments/$key" params={{ key }} className="back">
                <LeftOutlined aria-hidden /> {segment.title}
              </Link>
            }
          />
          {segment.mode === "static" ? <EmptyState title={t("static_fixed")} text={t("static_help")} /> : <SegmentForm edited={{ segment, etag }} />}
        </>
      )}
    </Await>
  );
}
