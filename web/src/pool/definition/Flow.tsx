import { useFmt } from "../../ui/format";
import "./definition.css";

/** How many came in and went out today. */
export function Flow({ entered, left }: { entered: number; left: number }) {
  const fmt = useFmt();
  return (
    <span className="def-flow">
      <span className={entered > 0 ? "in" : "muted"}>+{fmt.int(entered)}</span>
      <span className={left > 0 ? "out" : "muted"}>−{fmt.int(left)}</span>
    </span>
  );
}
