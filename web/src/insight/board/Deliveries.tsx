import { useQuery } from "@tanstack/react-query";
import { useT } from "../../app/i18n";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Await } from "../../ui/states";
import { deliveriesQuery } from "./queries";

const tones = { sending: "lake", sent: "good", partly: "act", failed: "bad" } as const;
const tone = (state: string) => tones[state as keyof typeof tones] ?? "quiet";

/** When a report was sent, to whom, and what went wrong. */
export function Deliveries({ report }: { report: string }) {
  const t = useT("board");
  const query = useQuery({ ...deliveriesQuery(report), refetchInterval: (q) => (q.state.data?.items.some((d) => d.state === "sending") ? 1_500 : 15_000) });
  return (
    <Await query={query} rows={2}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="muted">{t("delivery.none")}</p>
        ) : (
          <ol className="board-deliveries" aria-label={t("report.log")}>
            {items.map((d) => (
              <li key={d.id}>
                <Badge tone={tone(d.state)}>{t(`delivery.${d.state}`)}</Badge> <Ago at={d.ended_at ?? d.began_at} /> <span className="muted">{d.cause === "now" ? t("delivery.by", { author: d.author }) : t("delivery.planned")}</span>
                {d.attempts > 1 && <span className="muted"> · {t("delivery.attempts", { n: d.attempts })}</span>}
                {d.error !== "" && <p className="bad">{d.error}</p>}
                {d.state === "partly" && (
                  <p className="muted">
                    {d.recipients
                      .filter((r) => r.state !== "sent")
                      .map((r) => r.address)
                      .join(", ")}
                  </p>
                )}
              </li>
            ))}
          </ol>
        )
      }
    </Await>
  );
}
