/** Tally strokes: the sign of counting. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="40" height="40" role="presentation">
      <path d="M8 24V8M13.5 24V8M19 24V8M24.5 24V8" className="mark-strokes" />
      <path d="M4.5 21 28 11" className="mark-slash" />
    </svg>
  );
}
