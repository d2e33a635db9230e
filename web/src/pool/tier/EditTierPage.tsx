import { LeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";
import { Await } from "../../ui/states";
import { tierQuery } from "./queries";
import { startOf, TierForm } from "./TierForm";

export function EditTierPage() {
  const t = useT("tier");
  const { key } = useParams({ from: "/shell/pool/tiers/$key/edit" });
  const query = useQuery({ ...tierQuery(key), queryKey: ["tiers", key, "edit"], staleTime: 0, gcTime: 0 });
  return (
    <Await query={query}>
      {({ data: tier, etag }) => (
        <>
          <PageHead
            title={t("edit", { title: tier.title })}
            above={
              <Link to="/pool/tiers/$key" params={{ key }} className="back">
                <LeftOutlined aria-hidden /> {tier.title}
              </Link>
            }
          />
          <TierForm key={etag} edited={{ tier, etag }} start={startOf(tier)} />
        </>
      )}
    </Await>
  );
}
