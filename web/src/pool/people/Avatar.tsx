import { UserOutlined } from "@ant-design/icons";
import type { PersonRow } from "../../api/types";
import { hueOf, initials } from "./name";
import "./people.css";

/** A person's initials on a calm colour; a bare outline for the anonymous. */
export function Avatar({ person, size = 28 }: { person: Pick<PersonRow, "id" | "name">; size?: number }) {
  const letters = initials(person.name);
  const style = { width: size, height: size, fontSize: size * (letters.length > 1 ? 0.36 : 0.44) };
  return (
    <span className={`person-avatar ${letters === "" ? "none" : `hue-${hueOf(person.id)}`}`} style={style} aria-hidden>
      {letters || <UserOutlined aria-hidden />}
    </span>
  );
}
