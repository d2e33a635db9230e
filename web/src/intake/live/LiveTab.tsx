import { useQuery } from "@tanstack/react-query";
import { Await } from "../../ui/states";
import { statsQuery } from "../statsQuery";
import { LiveEvents } from "./LiveEvents";
import { RateChart } from "./RateChart";
import { RateStrip } from "./RateStrip";
import { Sources } from "./Sources";

/** Events as they arrive, how fast, from where. */
export function LiveTab() {
  const query = useQuery(statsQuery);
  return (
    <div className="stack">
      <Await query={query} rows={3}>
        {(stats) => <RateStrip stats={stats} />}
      </Await>
      <div className="live-grid">
        <LiveEvents />
        <div className="stack">
          {query.data && <RateChart stats={query.data} />}
          {query.data && <Sources stats={query.data} />}
        </div>
      </div>
    </div>
  );
}
