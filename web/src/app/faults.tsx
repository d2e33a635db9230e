import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "antd";
import { EmptyState, ErrorState } from "../ui/states";
import { useT } from "./i18n";

/** What a route shows when loading or drawing it went wrong. */
export function RootFault({ error, reset }: ErrorComponentProps) {
  return (
    <main className="fault">
      <ErrorState error={error} retry={() => (reset(), location.reload())} />
    </main>
  );
}

export function NotFound() {
  const t = useT("app");
  return (
    <div className="fault">
      <EmptyState
        title={t("not_found.title")}
        text={t("not_found.text")}
        action={
          <Link to="/">
            <Button type="primary">{t("not_found.home")}</Button>
          </Link>
        }
      />
    </div>
  );
}
