import { useT } from "../../app/i18n";
import { PageHead } from "../../ui/PageHead";

export function TeamPage() {
  const t = useT("team");
  return <PageHead title={t("nav")} />;
}
