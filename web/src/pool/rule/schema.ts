import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, call } from "../../api/client";
import type { RuleSchema, SchemaType } from "../../api/rules";
import type { Scalar } from "../../api/tree";
import { useLang } from "../../app/prefs";
import { useEventWords } from "../event/words";
import { useTraitTitle } from "../people/traits";

/** What rules can speak of: the events, traits, tags … that the pool has seen. */
export const schemaQuery = queryOptions({
  queryKey: ["rules", "schema"],
  queryFn: () => call(api.GET("/rules/schema")),
  staleTime: 60_000,
});

const nothing: RuleSchema = {
  events: [], traits: [], tags: [], tag_groups: [], tiers: [], segments: [], kinds: [], channels: [], purposes: [], time_zone: "", currency: "", at: "",
};

export interface Option {
  value: string;
  label: string;
  /** As it stands in the text, where the label is another. */
  raw?: string;
  color?: string;
}

/** The schema in the reader's words, ready for pick lists. */
export interface Vocabulary {
  schema: RuleSchema;
  events: Option[];
  traits: Option[];
  tags: Option[];
  segments: Option[];
  tiers: Option[];
  kinds: Option[];
  event: (name: string) => string;
  trait: (name: string) => string;
  levels: (dimension: string) => Option[];
  properties: (event: string) => { name: string; type: SchemaType; values: unknown[] }[];
  typeOf: (what: { trait: string } | { property: string; event: string }) => SchemaType;
  valuesOf: (what: { trait: string } | { property: string; event: string }) => Scalar[];
}

export function useVocabulary(): Vocabulary {
  const schema = useQuery(schemaQuery).data ?? nothing;
  const lang = useLang();
  const words = useEventWords();
  const trait = useTraitTitle();
  return useMemo(() => {
    const event = (name: string) => {
      const { title } = words({ type: "track", name });
      // a name that the console has no word for may have one in the pool
      return title === name && lang !== "en" ? schema.events.find((e) => e.name === name)?.title_zh || name : title;
    };
    const named = (key: string, title: string, color?: string): Option => ({ value: key, label: title || key, raw: title === key ? undefined : key, color });
    const properties = (of: string) => schema.events.find((e) => e.name === of)?.properties ?? [];
    const look = (what: { trait: string } | { property: string; event: string }) =>
      "trait" in what ? schema.traits.find((t) => t.name === what.trait) : properties(what.event).find((p) => p.name === what.property);
    return {
      schema,
      events: schema.events.map((e) => named(e.name, event(e.name))),
      traits: schema.traits.map((t) => named(t.name, trait(t.name))),
      tags: schema.tags.map((t) => named(t.key, t.title, t.color)),
      segments: schema.segments.map((s) => named(s.key, s.title)),
      tiers: schema.tiers.map((d) => named(d.key, d.title)),
      kinds: schema.kinds.map((k) => named(k.kind, lang === "en" ? k.title : k.title_zh)),
      event,
      trait,
      levels: (dimension) => schema.tiers.find((d) => d.key === dimension)?.levels.map((l) => named(l.key, l.title, l.color)) ?? [],
      properties,
      typeOf: (what) => look(what)?.type ?? "mixed",
      valuesOf: (what) => (look(what)?.values ?? []).filter((v): v is Scalar => typeof v !== "object"),
    };
  }, [schema, lang, words, trait]);
}
