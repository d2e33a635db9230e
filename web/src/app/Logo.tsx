/** A still pond with one ripple. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f5c63" />
      <ellipse cx="16" cy="18.5" rx="11" ry="5.2" fill="none" stroke="#8fd0d3" strokeWidth="1.6" />
      <ellipse cx="16" cy="18.5" rx="5.6" ry="2.5" fill="none" stroke="#d9f1f0" strokeWidth="1.6" />
      <circle cx="16" cy="9" r="2.1" fill="#fff" />
    </svg>
  );
}
