import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useT } from "../../app/i18n";
import { ActButton } from "../../ui/ActButton";
import { EmptyState } from "../../ui/states";

/** What an empty pool teaches: how people come in. */
export function NoPeople() {
  const t = useT("people");
  return (
    <EmptyState
      title={t("empty.title")}
      text={t("empty.text")}
      example={
        <>
          <p className="muted">{t("empty.example")}</p>
          <pre className="mono">{"phone,city\n13800138000,杭州\n13900139000,上海"}</pre>
        </>
      }
      action={
        <div className="row">
          <Link to="/settings/import">
            <ActButton>{t("empty.import")}</ActButton>
          </Link>
          <Link to="/settings/intake/install">
            <Button>{t("empty.install")}</Button>
          </Link>
        </div>
      }
    />
  );
}
