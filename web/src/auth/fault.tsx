import { useEffect, useState } from "react";
import { asApiError } from "../api/error";
import { explain } from "../ui/states";

/** A form's fault: what happened and its code. */
export function FormFault({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <div className="gate-fault" role="alert">
      {explain(error)}
      <code>{asApiError(error).code}</code>
    </div>
  );
}

/** Seconds until the server will listen again after 429; 0 when it does now. */
export function useThrottle(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const e = error === null ? undefined : asApiError(error);
    if (e === undefined || e.status !== 429) return setLeft(0);
    const until = Date.now() + Math.max(e.retryAfter, 1) * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}
