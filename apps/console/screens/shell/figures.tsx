/** A few large figures above a page. */
interface Figure {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
}

export function Figures({ items }: { readonly items: readonly Figure[] }) {
  return (
    <dl className="figures">
      {items.map(({ name, value, hint }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {hint && <dd className="figure-hint">{hint}</dd>}
        </div>
      ))}
    </dl>
  );
}
