import antd from "antd/es/locale/zh_CN";
import "dayjs/locale/zh-cn";
import { byRoom, type Strings } from "./i18n";

export const strings: Strings = {
  rooms: byRoom(import.meta.glob("/src/**/locale.zh-CN.json", { eager: true, import: "default" })),
  antd,
  dayjs: "zh-cn",
};
