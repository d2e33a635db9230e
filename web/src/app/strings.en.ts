import antd from "antd/es/locale/en_US";
import { byRoom, type Strings } from "./i18n";

export const strings: Strings = {
  rooms: byRoom(import.meta.glob("/src/**/locale.en.json", { eager: true, import: "default" })),
  antd,
  dayjs: "en",
};
