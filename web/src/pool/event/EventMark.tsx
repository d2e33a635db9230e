import {
  CloseCircleOutlined,
  FileTextOutlined,
  GiftOutlined,
  MessageOutlined,
  SearchOutlined,
  ShareAltOutlined,
  ShoppingCartOutlined,
  ShoppingOutlined,
  SwapOutlined,
  ThunderboltOutlined,
  UserAddOutlined,
  UserOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import type { PoolEvent } from "../../api/types";
import { iconOf, type EventIcon } from "./glance";
import "./event.css";

const icons: Record<EventIcon, ComponentType> = {
  order: ShoppingOutlined,
  cancel: CloseCircleOutlined,
  cart: ShoppingCartOutlined,
  page: FileTextOutlined,
  person: UserOutlined,
  coupon: GiftOutlined,
  message: MessageOutlined,
  share: ShareAltOutlined,
  search: SearchOutlined,
  join: UserAddOutlined,
  alias: SwapOutlined,
  dot: ThunderboltOutlined,
};

/** The round mark of an event's family. */
export function EventMark({ event }: { event: Pick<PoolEvent, "type" | "name"> }) {
  const family = iconOf(event);
  const Icon = icons[family];
  return (
    <span className={`event-mark is-${family}`} aria-hidden>
      <Icon />
    </span>
  );
}
