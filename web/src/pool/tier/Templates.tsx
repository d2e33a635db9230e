import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useT } from "../../app/i18n";
import { Await } from "../../ui/states";
import { useTwo } from "../rule/two";
import { templatesQuery } from "./queries";
import "./tier.css";

/** Ready-made dimensions to begin with, and the empty one. */
export function Templates() {
  const t = useT("tier");
  const two = useTwo();
  const query = useQuery(templatesQuery);
  return (
    <Await query={query}>
      {({ items }) => (
        <div className="templates">
          {items.map((each) => (
            <Link key={each.template} to="/pool/tiers/new" search={{ template: each.template }} className="template">
              <b>{two(each.title)}</b>
              <span>{two(each.description)}</span>
            </Link>
          ))}
          <Link to="/pool/tiers/new" search={{ template: "none" }} className="template">
            <b>{t("template.none")}</b>
            <span>{t("template.none_text")}</span>
          </Link>
        </div>
      )}
    </Await>
  );
}
