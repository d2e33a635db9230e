import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Identity, Person } from "../../api/types";
import { useT } from "../../app/i18n";
import { useFmt } from "../../ui/format";
import { explain } from "../../ui/states";
import { IdentityTag } from "../kind/IdentityTag";
import { split } from "./split";
import { useSplitDone } from "./useSplitDone";

interface Props {
  person: Person;
  /** An identity chosen from the start. */
  first?: number;
  onClose: () => void;
  /** Called with the present number of the person whose identities stayed. */
  onDone: (id: number) => void;
}

/** Takes a person apart: choose the identities that go, see both people, say why. */
export function UnmergeDialog({ person, first, onClose, onDone }: Props) {
  const t = useT("person");
  const { message } = App.useApp();
  const client = useQueryClient();
  const told = useSplitDone();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set(first === undefined ? [] : [first]));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const parts = split(person, chosen);
  const unmerge = useMutation({
    mutationFn: () => call(api.POST("/people/{id}/unmerge", { params: { path: { id: person.id } }, body: { identities: [...chosen], reason: reason.trim() } })),
    onSuccess: ({ people }) => {
      onClose();
      void client.invalidateQueries({ queryKey: ["people"] });
      const here = people.find((p) => p.identities.some((i) => parts.stays.some((s) => s.id === i.id))) ?? person;
      onDone(here.id);
      told(people, here.id);
    },
    onError: (err) => void message.error(explain(err)),
  });
  const submit = () => {
    setTried(true);
    if (parts.fault === undefined && reason.trim() !== "") unmerge.mutate();
  };
  const note = (side: "stays" | "leaves") => (parts.keeper === side ? t("unmerge.keeps", { id: person.id }) : t("unmerge.new"));
  const toggle = (id: number, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };

  return (
    <Modal open width={680} title={t("unmerge.title")} onCancel={onClose} okText={t("unmerge.submit")} onOk={submit} confirmLoading={unmerge.isPending}>
      <div className="dialog-stack">
        <p>{t("unmerge.lead")}</p>
        <fieldset className="split-choose">
          <legend>{t("unmerge.choose")}</legend>
          {person.identities.map((i) => (
            <Checkbox key={i.id} checked={chosen.has(i.id)} onChange={(e) => toggle(i.id, e.target.checked)}>
              <IdentityTag identity={i} />
            </Checkbox>
          ))}
        </fieldset>
        <div className="split-sides">
          <Side title={t("unmerge.stays")} note={note("stays")} identities={parts.stays} />
          <Side title={t("unmerge.leaves")} note={note("leaves")} identities={parts.leaves} />
        </div>
        {tried && parts.fault !== undefined && <Alert type="warning" showIcon title={t(`unmerge.${parts.fault}`)} />}
        <Form layout="vertical">
          <Form.Item label={t("unmerge.reason")} required validateStatus={tried && reason.trim() === "" ? "error" : undefined} help={tried && reason.trim() === "" ? t("unmerge.reason_needed") : undefined}>
            <Input value={reason} maxLength={200} placeholder={t("unmerge.reason_hint")} onChange={(e) => setReason(e.target.value)} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}

function Side({ title, note, identities }: { title: string; note: string; identities: Identity[] }) {
  const t = useT("person");
  const fmt = useFmt();
  return (
    <section className="split-side">
      <b>{title}</b>
      {identities.length === 0 ? (
        <p className="muted">{t("unmerge.nobody")}</p>
      ) : (
        <>
          <p className="muted">
            {note} · {t("unmerge.events", { n: fmt.int(identities.reduce((n, i) => n + i.events, 0)) })}
          </p>
          <div className="tag-list">
            {identities.map((i) => (
              <IdentityTag key={i.id} identity={i} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
