import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";

export function OverviewPage() {
  const t = useT("overview");
  return <PageHead title={t("nav")} />;
}
