import { CopyOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import type { ReactNode } from "react";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { copyText } from "../../ui/CopyText";
import { useFmt } from "../../ui/format";
import { Card } from "../../ui/PageHead";
import { isInstant, traitText } from "../people/columns";
import { useTraitTitle, useTraitValue } from "../people/traits";
import { plainTraits, relationsOf } from "./relations";

/** Traits with the moment since when each holds, and who belongs to whom. */
export function Profile({ person }: { person: Person }) {
  const t = useT("person");
  const fmt = useFmt();
  const title = useTraitTitle();
  const says = useTraitValue();
  const traits = plainTraits(person.traits);
  const relations = relationsOf(person.traits);
  return (
    <Card title={t("profile.title")}>
      {traits.length === 0 && relations.length === 0 && <p className="muted">{t("profile.none")}</p>}
      <dl className="traits">
        {traits.map(([name, value]) => (
          <Trait key={name} name={name} title={title(name)} at={person.traits_at[name]} copy={traitText(value)}>
            {isInstant(value) ? fmt.time(value) : says(name, value)}
          </Trait>
        ))}
      </dl>
      {relations.length > 0 && (
        <>
          <h3 className="side-title">{t("profile.relations")}</h3>
          <dl className="traits">
            {relations.map((r) => (
              <Trait key={r.trait} name={r.trait} title={title(r.trait)} at={person.traits_at[r.trait]}>
                <Link to="/pool/people" search={{ q: r.value }}>
                  {r.value}
                </Link>
              </Trait>
            ))}
          </dl>
        </>
      )}
    </Card>
  );
}

interface TraitProps {
  name: string;
  title: string;
  at: string | undefined;
  copy?: string;
  children: ReactNode;
}

function Trait({ name, title, at, copy, children }: TraitProps) {
  const t = useT("person");
  const fmt = useFmt();
  const { message } = App.useApp();
  return (
    <div className="trait">
      <dt title={name}>{title}</dt>
      <dd>
        <span className="trait-value">{children}</span>
        {copy !== undefined && (
          <Button
            className="trait-copy"
            type="text"
            size="small"
            icon={<CopyOutlined aria-hidden />}
            aria-label={t("profile.copy", { name: title })}
            onClick={() => void copyText(copy).then(() => message.success(t("ui:copied")))}
          />
        )}
        {at !== undefined && (
          <time className="trait-at" dateTime={at} title={t("profile.since", { time: fmt.time(at) })}>
            {t("profile.of", { day: fmt.longDay(fmt.dayOf(at)) })}
          </time>
        )}
      </dd>
    </div>
  );
}
