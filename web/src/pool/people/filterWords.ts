import { useMemo } from "react";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { fieldType, takesValue, traitOf, type Filter, type Op } from "./filter";
import { useTraitTitle } from "./traits";

const family = (field: string): "day" | "count" | "text" => {
  const type = fieldType(field);
  return type === "day" ? "day" : type === "count" || type === "money" ? "count" : "text";
};

export interface FilterWords {
  field: (field: string) => string;
  op: (field: string, op: Op) => string;
  /** The condition as a chip says it. */
  chip: (f: Filter) => string;
}

/** Conditions in the reader's words. */
export function useFilterWords(): FilterWords {
  const t = useT("people");
  const fmt = useFmt();
  const trait = useTraitTitle();
  return useMemo(() => {
    const field = (name: string) => {
      const of = traitOf(name);
      return of !== undefined ? trait(of) : name === "identified" ? t("filter.identified") : t(`col.${name}`);
    };
    const value = (f: Filter) => {
      if (!takesValue(f.op)) return "";
      switch (fieldType(f.field)) {
        case "day":
          return fmt.longDay(f.value);
        case "count":
          return fmt.int(Number(f.value));
        case "money":
          return fmt.money(Number(f.value));
        case "class":
          return t(`overview:class.${f.value}`);
        default:
          return f.value;
      }
    };
    return {
      field,
      op: (name, op) => t(`filter.op_name.${family(name)}.${op}`),
      chip: (f) =>
        f.field === "identified"
          ? t(f.value === "true" ? "filter.yes" : "filter.no")
          : t(`filter.chip.${family(f.field)}.${f.op}`, { field: field(f.field), value: value(f) }),
    };
  }, [t, fmt, trait]);
}
