import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";
import "./tag.css";

/** A tag in its colour, leading to its page; bare where there is no page yet. */
export function TagChip({ tag, end, bare = false }: { tag: { key: string; title: string; color: string }; end?: ReactNode; bare?: boolean }) {
  return (
    <span className="tag-chip" style={tag.color === "" ? undefined : ({ "--c": tag.color } as CSSProperties)}>
      {bare ? (
        <span>{tag.title}</span>
      ) : (
        <Link to="/pool/tags/$key" params={{ key: tag.key }}>
          {tag.title}
        </Link>
      )}
      {end}
    </span>
  );
}
