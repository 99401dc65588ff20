/** A table that sorts, cuts pages and exports what it shows. Rows may lead somewhere. */
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useWords } from '../words/use-words.ts';
import { download, toCsv } from './csv.ts';
import { pageOf, type Sorting, sortRows, type SortValue } from './rows.ts';

export interface DataColumn<R> {
  readonly key: string;
  readonly label: string;
  readonly show: (row: R) => ReactNode;
  /** What it is sorted by and exported as. */
  readonly value: (row: R) => SortValue;
  readonly isNumber?: boolean;
  readonly isHeader?: boolean;
  readonly isNarrow?: boolean;
}

interface DataTableProps<R> {
  readonly label: string;
  readonly testId: string;
  readonly rows: readonly R[];
  readonly columns: readonly DataColumn<R>[];
  readonly idOf: (row: R) => string;
  readonly hrefOf?: (row: R) => string;
  readonly initialSort: Sorting;
  readonly empty: string;
  /** File name without its ending; without one there is nothing to export. */
  readonly exportAs?: string;
  readonly note?: ReactNode;
}

const PAGE_SIZE = 25;

export function DataTable<R>(props: DataTableProps<R>) {
  const { t, locale, number } = useWords();
  const { rows, columns, idOf, hrefOf } = props;
  const [sorting, setSorting] = useState(props.initialSort);
  const [asked, setAsked] = useState(0);
  const sortedBy = columns.find(({ key }) => key === sorting.column);
  const sorted = sortedBy ? sortRows(rows, sortedBy.value, sorting.direction, locale) : rows;
  const page = pageOf(sorted, asked, PAGE_SIZE);
  const exportRows = (): void =>
    download(
      `${props.exportAs}.csv`,
      toCsv([
        columns.map(({ label }) => label),
        ...sorted.map((row) => columns.map(({ value }) => value(row) ?? '')),
      ]),
    );
  return (
    <div className="data-table">
      <div className="table-scroll">
        <Table
          aria-label={props.label}
          data-testid={props.testId}
          sortDescriptor={sorting}
          onSortChange={({ column, direction }) => {
            setSorting({ column: String(column), direction });
            setAsked(0);
          }}
        >
          <TableHeader>
            {columns.map((column) => (
              <Column
                key={column.key}
                id={column.key}
                allowsSorting
                isRowHeader={column.isHeader ?? false}
                className="column"
                data-number={column.isNumber || undefined}
                data-narrow={column.isNarrow || undefined}
                data-header={column.isHeader || undefined}
              >
                {({ sortDirection }) => (
                  <span className="column-label">
                    {column.label}
                    {sortDirection === 'ascending' && <ArrowUp aria-hidden size={14} />}
                    {sortDirection === 'descending' && <ArrowDown aria-hidden size={14} />}
                  </span>
                )}
              </Column>
            ))}
          </TableHeader>
          <TableBody renderEmptyState={() => <p className="table-empty">{props.empty}</p>}>
            {page.rows.map((row) => (
              <Row key={idOf(row)} id={idOf(row)} className="row" {...(hrefOf ? { href: hrefOf(row) } : {})}>
                {columns.map((column) => (
                  <Cell
                    key={column.key}
                    className="cell"
                    data-number={column.isNumber || undefined}
                    data-narrow={column.isNarrow || undefined}
                    data-header={column.isHeader || undefined}
                  >
                    {column.show(row)}
                  </Cell>
                ))}
              </Row>
            ))}
          </TableBody>
        </Table>
      </div>
      <div className="table-foot">
        <span className="table-count">
          {props.note ?? t('table.count', { count: rows.length, number: number(rows.length) })}
        </span>
        {props.exportAs !== undefined && rows.length > 0 && (
          <Button className="button quiet" data-testid="export" onPress={exportRows}>
            <Download aria-hidden size={16} />
            {t('table.export')}
          </Button>
        )}
        {page.count > 1 && (
          <span className="pager">
            <Button
              className="icon-button"
              aria-label={t('table.previous')}
              isDisabled={page.index === 0}
              onPress={() => setAsked(page.index - 1)}
            >
              <ChevronLeft aria-hidden size={18} />
            </Button>
            <span>{t('table.page', { page: page.index + 1, pages: page.count })}</span>
            <Button
              className="icon-button"
              aria-label={t('table.next')}
              isDisabled={page.index === page.count - 1}
              onPress={() => setAsked(page.index + 1)}
            >
              <ChevronRight aria-hidden size={18} />
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}
