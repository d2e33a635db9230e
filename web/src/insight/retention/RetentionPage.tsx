import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";

export function RetentionPage() {
  const t = useT("retention");
  return <PageHead title={t("nav")} />;
}
