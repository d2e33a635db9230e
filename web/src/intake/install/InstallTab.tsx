import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { keysQuery, secretOf } from "../key/keysQuery";
import { Code } from "./Code";
import { FirstEvent } from "./FirstEvent";
import { KeyPick } from "./KeyPick";
import { snippetOf, ways, type Way } from "./snippets";

/** Code to copy, with this server's address and the chosen key in it, and a look-out for the first event. */
export function InstallTab() {
  const t = useT("install");
  const client = useQueryClient();
  const { key, as } = useSearch({ from: "/shell/settings/intake/install" });
  const navigate = useNavigate({ from: "/settings/intake/install" });
  const keys = useQuery(keysQuery).data?.filter((k) => k.kind === "write" && k.revoked_at === null) ?? [];
  const [typed, setTyped] = useState("");
  const way: Way = ways.find((w) => w === as) ?? "tracker";
  const chosen = keys.find((k) => String(k.id) === key) ?? keys[0];
  const secret = typed.trim() || (chosen && secretOf(client, chosen.id)) || "";
  const shown = secret || (chosen ? `${chosen.prefix}…` : t("placeholder"));
  const snippet = snippetOf(way, location.origin, shown);

  return (
    <div className="install-grid">
      <nav className="card install-ways" aria-label={t("ways")}>
        {ways.map((w) => (
          <button key={w} type="button" aria-pressed={w === way} onClick={() => void navigate({ search: { key, as: w === "tracker" ? undefined : w }, replace: true })}>
            <b>{t(`way.${w}.title`)}</b>
            <small>{t(`way.${w}.for`)}</small>
          </button>
        ))}
      </nav>
      <div className="card install-steps">
        <section>
          <h3>{t("step.key")}</h3>
          <KeyPick
            keys={keys}
            chosen={chosen}
            complete={secret !== ""}
            typed={typed}
            onType={setTyped}
            onChoose={(id) => {
              setTyped("");
              void navigate({ search: { key: String(id), as }, replace: true });
            }}
          />
        </section>
        {snippet.install !== "" && (
          <section>
            <h3>{t("step.install")}</h3>
            <Code lang="Shell" text={snippet.install} />
          </section>
        )}
        <section>
          <h3>{t(`way.${way}.do`)}</h3>
          <Code lang={snippet.lang} text={snippet.code} warning={secret === "" ? t("incomplete") : undefined} />
          <p className="muted">{t(`way.${way}.note`)}</p>
        </section>
        <section>
          <h3>{t("step.see")}</h3>
          <FirstEvent keyId={chosen?.id} />
        </section>
      </div>
    </div>
  );
}
