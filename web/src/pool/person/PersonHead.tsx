import { LeftOutlined, SplitCellsOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import type { Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { Ago } from "../../ui/Ago";
import { useFmt } from "../../ui/format";
import { PageHead } from "../../ui/PageHead";
import { Pill } from "../../ui/Pill";
import { Avatar } from "../people/Avatar";
import { traitText } from "../people/columns";
import { usePersonName } from "./personName";
import { UnmergeDialog } from "./UnmergeDialog";

/** Who it is, where from, since when; and what one can do. */
export function PersonHead({ person }: { person: Person }) {
  const t = useT("person");
  const name = usePersonName(person);
  const fmt = useFmt();
  const mayOperate = useMay("operator");
  const navigate = useNavigate();
  const [splitting, setSplitting] = useState(false);
  const city = traitText(person.traits.city);
  const channel = person.first_touch?.channel || person.channel;
  return (
    <>
      <PageHead
        above={
          <Link to="/pool/people" className="back">
            <LeftOutlined aria-hidden /> {t("back")}
          </Link>
        }
        title={name}
        mark={<Avatar person={person} size={56} />}
        answer={
          <span className="person-facts">
            <Pill tone={person.identified ? "teal" : "quiet"}>{t(person.identified ? "identified" : "anonymous")}</Pill>
            {city !== "" && <span>{t("city", { city })}</span>}
            {channel !== "" && <span>{t("from", { channel })}</span>}
            <span>
              {t("since")} <time dateTime={person.first_seen} title={fmt.time(person.first_seen)}>{fmt.longDay(fmt.dayOf(person.first_seen))}</time>
            </span>
            <span>
              {t("seen")} <Ago at={person.last_seen} />
            </span>
            <span className="muted">{t("number", { id: person.id })}</span>
          </span>
        }
        actions={
          mayOperate &&
          person.identities.length > 1 && (
            <Button icon={<SplitCellsOutlined aria-hidden />} onClick={() => setSplitting(true)}>
              {t("identity.split")}
            </Button>
          )
        }
      />
      {splitting && <UnmergeDialog person={person} onClose={() => setSplitting(false)} onDone={(id) => void navigate({ to: "/pool/people/$id", params: { id: String(id) }, search: { tab: "identities" } })} />}
    </>
  );
}
