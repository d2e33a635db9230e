import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";

export function SystemPage() {
  const t = useT("system");
  return <PageHead title={t("nav")} />;
}
