import { createContext, useContext, type ComponentType } from "react";
import type { Common } from "./wire";

export interface SaveChartProps {
  kind: string;
  /** As it is sent. */
  query: Common;
  /** A first title. */
  title: string;
}

/** The button that keeps a question as a chart. The boards bring it (app puts it here), so that questions need not know them. */
export const SaveChartContext = createContext<ComponentType<SaveChartProps> | null>(null);

/** Where the button stands; nothing where nobody brings one. */
export function SaveChart(props: SaveChartProps) {
  const Button = useContext(SaveChartContext);
  return Button === null ? null : <Button {...props} />;
}
