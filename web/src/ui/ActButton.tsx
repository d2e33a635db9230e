import { Button, type ButtonProps } from "antd";

/** The one button of a page that says "act here": the only thing in the warm colour. */
export function ActButton({ className = "", ...rest }: ButtonProps) {
  return <Button {...rest} className={`act ${className}`} />;
}
