import { Button, Form, Input } from "antd";
import { useT } from "../../app/i18n";
import { minPassword } from "../../auth/password";
import { CopyButton } from "../../ui/CopyText";

// without letters and digits that look alike, since it is often read out
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

/** Four groups of four from the browser's random source: 80 bits. */
function suggest(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const letters = [...bytes].map((b) => alphabet[b % alphabet.length]);
  return [0, 4, 8, 12].map((i) => letters.slice(i, i + 4).join("")).join("-");
}

/** A first password for somebody else: shown, suggested, copied to be handed over. */
export function PasswordField({ label, help }: { label: string; help: string }) {
  const t = useT("team");
  const form = Form.useFormInstance();
  const value = (Form.useWatch("password", form) as string | undefined) ?? "";
  return (
    <Form.Item label={label} extra={help}>
      <div className="row password-row">
        <Form.Item name="password" noStyle rules={[{ required: true, min: minPassword, message: t("auth:password_short", { n: minPassword }) }]}>
          <Input className="mono" autoComplete="new-password" aria-label={label} />
        </Form.Item>
        <Button onClick={() => form.setFieldValue("password", suggest())}>{t("add.suggest")}</Button>
        {value !== "" && <CopyButton text={value} />}
      </div>
    </Form.Item>
  );
}
