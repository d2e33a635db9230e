import { Input } from "antd";
import { useState } from "react";
import { StepsField } from "../query/StepsField";
import type { Step } from "../query/wire";
import { readList } from "./query";

/** One event with conditions. */
export function StepField({ value, any, onChange }: { value: Step; any?: boolean; onChange: (s: Step) => void }) {
  return <StepsField value={[value]} min={1} max={1} any={any} onChange={([s]) => s && onChange(s)} />;
}

/** A rising list of numbers, typed with commas; told when it is one, or empty. */
export function ListField({ value, label, hint, onChange }: { value: number[] | undefined; label: string; hint: string; onChange: (list: number[] | undefined) => void }) {
  const [typed, setTyped] = useState(value?.join(", ") ?? "");
  const list = readList(typed);
  const wrong = typed.trim() !== "" && list === undefined;
  return (
    <Input
      value={typed}
      status={wrong ? "error" : undefined}
      aria-invalid={wrong}
      aria-label={label}
      placeholder={hint}
      onChange={(e) => {
        setTyped(e.target.value);
        const next = readList(e.target.value);
        if (next !== undefined || e.target.value.trim() === "") onChange(next);
      }}
    />
  );
}
