import { CheckCircleOutlined, LoadingOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { statsQuery } from "../statsQuery";

/** Waits for the key's first event and says when it came. */
export function FirstEvent({ keyId }: { keyId: number | undefined }) {
  const t = useT("install");
  const source = useQuery({ ...statsQuery, refetchInterval: 2_000 }).data?.sources.find((s) => s.key_id === keyId);
  if (source === undefined) {
    return (
      <div className="install-wait" role="status">
        <LoadingOutlined aria-hidden /> {t("waiting")}
      </div>
    );
  }
  return (
    <div className="install-wait here" role="status">
      <CheckCircleOutlined aria-hidden />
      <span>
        {t("here")} <Ago at={source.last_at} /> · <Link to="/settings/intake">{t("watch")}</Link>
      </span>
    </div>
  );
}
