/** A few numbers side by side: the first column names the row. */
interface PlainTableProps {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function PlainTable({ head, rows }: PlainTableProps) {
  return (
    <table className="plain-table numbers">
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first = '', ...values], at) => (
          <tr key={`${first}-${at}`}>
            <th scope="row">{first}</th>
            {values.map((value, column) => (
              <td key={head[column + 1]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
