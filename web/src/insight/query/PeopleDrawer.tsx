import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { once } from "../../api/client";
import type { PersonRow } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMay } from "../../app/session";
import { FormFault } from "../../auth/fault";
import { usePeopleColumns } from "../../pool/people/peopleColumns";
import { DataList } from "../../ui/DataList";
import { useFmt } from "../../ui/format";
import { EmptyState } from "../../ui/states";
import { askPeople, keepPeople, type Question } from "./question";
import type { Common, Kept } from "./wire";

export interface PeopleDrawerProps<Q extends Common, A, Of> {
  question: Question<Q, A, Of>;
  query: Q;
  /** Which number of the answer. */
  of: Of;
  /** Who they are, in words: the drawer's title and the segment's first name. */
  title: string;
  onClose: () => void;
}

const keys = ["name", "phone", "trait.city", "channel", "last_seen", "orders", "revenue"];

/** The people behind a number: a list, the way to each of them, and a segment of them all. */
export function PeopleDrawer<Q extends Common, A, Of>({ question, query, of, title, onClose }: PeopleDrawerProps<Q, A, Of>) {
  const t = useT("query");
  const fmt = useFmt();
  const mayOperate = useMay("operator");
  const [saving, setSaving] = useState(false);
  const [made, setMade] = useState<Kept>();
  const source = useInfiniteQuery({
    queryKey: ["insight", question.kind, "people", query, of],
    queryFn: ({ pageParam, signal }) => askPeople(question, query, of, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    retry: false,
  });
  const columns = usePeopleColumns(keys);
  const total = source.data?.pages[0]?.total;
  return (
    <Drawer
      open
      onClose={onClose}
      size={880}
      title={title}
      className="people-drawer"
      extra={
        mayOperate &&
        made === undefined && (
          <Button type="primary" disabled={!total} onClick={() => setSaving(true)}>
            {t("keep.action")}
          </Button>
        )
      }
    >
      <div className="stack-s">
        {made && (
          <Alert
            type="success"
            showIcon
            title={t("keep.done", { title: made.title, n: fmt.int(made.people) })}
            action={
              <Link to="/pool/segments/$key" params={{ key: made.key }}>
                {t("keep.open")}
              </Link>
            }
          />
        )}
        {saving && (
          <KeepForm
            title={title}
            keep={(as, key) => keepPeople(question, query, of, as, key)}
            onDone={(segment) => {
              setSaving(false);
              if (segment) setMade(segment);
            }}
          />
        )}
        <DataList<PersonRow>
          id={`insight.${question.kind}.people`}
          source={source}
          columns={columns}
          rowKey={(p) => p.id}
          rowHref={(p) => `/pool/people/${p.id}`}
          empty={<EmptyState title={t("people.nobody")} text={t("people.nobody_text")} />}
        />
      </div>
    </Drawer>
  );
}

function KeepForm({ title: first, keep, onDone }: { title: string; keep: (as: { title: string; description?: string }, key: string) => Promise<Kept>; onDone: (made?: Kept) => void }) {
  const t = useT("query");
  const client = useQueryClient();
  const { message } = App.useApp();
  const [title, setTitle] = useState(first.slice(0, 80));
  const [description, setDescription] = useState("");
  const [key] = useState(once);
  const save = useMutation({
    mutationFn: () => keep({ title: title.trim(), description: description.trim() || undefined }, key),
    onSuccess: (made) => {
      void message.success(t("keep.saved"));
      void client.invalidateQueries({ queryKey: ["segments"] });
      void client.invalidateQueries({ queryKey: ["rules", "schema"] });
      onDone(made);
    },
  });
  return (
    <Form layout="vertical" className="keep-form" onFinish={() => title.trim() !== "" && save.mutate()}>
      <p className="muted">{t("keep.note")}</p>
      <FormFault error={save.error} />
      <Form.Item label={t("keep.title")}>
        <Input autoFocus value={title} maxLength={80} aria-label={t("keep.title")} onChange={(e) => setTitle(e.target.value)} />
      </Form.Item>
      <Form.Item label={t("keep.description")}>
        <Input value={description} maxLength={500} aria-label={t("keep.description")} onChange={(e) => setDescription(e.target.value)} />
      </Form.Item>
      <div className="dialog-foot">
        <Button onClick={() => onDone()}>{t("ui:cancel")}</Button>
        <Button type="primary" htmlType="submit" disabled={title.trim() === ""} loading={save.isPending && { delay: 300 }}>
          {t("keep.go")}
        </Button>
      </div>
    </Form>
  );
}
