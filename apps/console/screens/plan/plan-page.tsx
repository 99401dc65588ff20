/** The current reallocation: the lanes it uses, every move, its value against the bound, and what stays unmet. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PlanView } from '@truecount/protocol';
import { Check, CheckCheck, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { Button, Checkbox } from 'react-aria-components';
import { hub } from '../api/client.ts';
import { planQuery } from '../api/queries.ts';
import { Chart } from '../chart/chart.tsx';
import { Figures } from '../shell/figures.tsx';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { Tag } from '../shell/tags.tsx';
import { DataTable, type DataColumn } from '../table/data-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';
import { lanesChart } from './lanes-chart.ts';
import { lanesOf } from './lanes.ts';

type Move = PlanView['moves'][number];

const LANE_PX = 46;

export function PlanPage() {
  const words = useWords();
  const { t, money, percent, number, relative, exactMoment } = words;
  const queries = useQueryClient();
  const { data: plan, error } = useQuery(planQuery);
  const planNow = useMutation({
    mutationFn: () => hub.planNow(),
    onSuccess: (fresh) => queries.setQueryData(planQuery.queryKey, fresh),
  });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const accept = useMutation({
    mutationFn: (moves: readonly Move[] | undefined) =>
      hub.acceptMoves(moves?.map(({ from, to, sku }) => ({ from, to, sku }))),
    onSuccess: (answer) => {
      setPicked(new Set());
      queries.setQueryData(planQuery.queryKey, answer.plan);
      void queries.invalidateQueries({ queryKey: ['cases'] });
    },
  });
  if (!plan) return <Pending error={error} />;
  const open = plan.moves.filter(({ transferId }) => transferId === undefined);
  const wanted = open.filter((move) => picked.has(keyOf(move)));
  const toggle = (move: Move): void =>
    setPicked((now) => {
      const next = new Set(now);
      if (!next.delete(keyOf(move))) next.add(keyOf(move));
      return next;
    });
  const lanes = lanesOf(plan);
  const button = (
    <Button
      className="button primary"
      data-testid="plan-now"
      isDisabled={planNow.isPending}
      onPress={() => planNow.mutate()}
    >
      <RefreshCw aria-hidden size={16} />
      {t('plan.now')}
    </Button>
  );
  return (
    <Page title={t('plan.title')} testId="plan-page" aside={button}>
      {planNow.error && (
        <p className="problem" role="alert">
          {planNow.error.message}
        </p>
      )}
      <Figures
        items={[
          {
            name: t('plan.objective'),
            value: money(plan.objective),
            hint: t('plan.bound', { bound: money(plan.bound) }),
          },
          { name: t('plan.gap'), value: percent(plan.gap, 1), hint: t('plan.gap-hint') },
          { name: t('plan.moves'), value: number(plan.moves.length) },
          {
            name: t('plan.made'),
            value: plan.at ? relative(plan.at) : t('plan.never'),
            ...(plan.at ? { hint: `${exactMoment(plan.at)} · ${number(plan.seconds, 2)} s` } : {}),
          },
        ]}
      />
      {lanes.length > 0 && (
        <section className="panel" aria-labelledby="lanes-title">
          <h2 className="panel-title" id="lanes-title">
            {t('plan.lanes')}
          </h2>
          <Chart
            label={t('plan.lanes-chart', {
              lanes: lanes
                .map(({ fromName, toName, units }) => `${fromName} → ${toName}: ${units}`)
                .join('; '),
            })}
            height={Math.max(140, lanes.length * LANE_PX)}
            draw={(ink) => lanesChart(lanes, words, ink)}
          />
        </section>
      )}
      <div className="section-head">
        <h2 className="section-title">{t('plan.moves')}</h2>
        {open.length > 0 && (
          <div className="acts">
            {wanted.length > 0 && (
              <Button
                className="button primary"
                data-testid="accept-some"
                isDisabled={accept.isPending}
                onPress={() => accept.mutate(wanted)}
              >
                <Check aria-hidden size={16} />
                {t('plan.accept-some', { count: wanted.length })}
              </Button>
            )}
            <Button
              className="button quiet"
              data-testid="accept-all"
              isDisabled={accept.isPending}
              onPress={() => accept.mutate(undefined)}
            >
              <CheckCheck aria-hidden size={16} />
              {t('plan.accept-all')}
            </Button>
          </div>
        )}
      </div>
      <output data-testid="accepted">
        {accept.data && <p className="soft">{t('plan.accepted', { count: accept.data.accepted })}</p>}
        {accept.data?.refused.map(({ from, to, sku, reason }) => (
          <p key={`${from}|${to}|${sku}`} className="problem">
            {sku}: {reason}
          </p>
        ))}
        {accept.error && <p className="problem">{accept.error.message}</p>}
      </output>
      <DataTable
        label={t('plan.moves')}
        testId="moves-table"
        rows={plan.moves}
        columns={moveColumns(words, { picked, toggle })}
        idOf={keyOf}
        initialSort={{ column: 'net', direction: 'descending' }}
        empty={t('plan.no-moves')}
        exportAs="plan"
      />
      {plan.unmet.length > 0 && (
        <>
          <h2 className="section-title">{t('plan.unmet')}</h2>
          <DataTable
            label={t('plan.unmet')}
            testId="unmet-table"
            rows={plan.unmet}
            columns={unmetColumns(words)}
            idOf={({ store, sku }) => `${store}|${sku}`}
            initialSort={{ column: 'store', direction: 'ascending' }}
            empty={t('plan.all-met')}
          />
        </>
      )}
    </Page>
  );
}

const keyOf = ({ from, to, sku }: Move): string => `${from}|${to}|${sku}`;
const netOf = (move: Move): number => move.value.minor - move.cost.minor - move.donorLoss.minor;

interface Picking {
  readonly picked: ReadonlySet<string>;
  readonly toggle: (move: Move) => void;
}

function moveColumns(
  { t, money, percent, number }: Words,
  { picked, toggle }: Picking,
): readonly DataColumn<Move>[] {
  return [
    {
      key: 'pick',
      label: t('plan.select'),
      isNarrow: true,
      show: (move) =>
        move.transferId === undefined ? (
          <Checkbox
            className="check"
            aria-label={t('plan.select')}
            isSelected={picked.has(keyOf(move))}
            onChange={() => toggle(move)}
          >
            <span aria-hidden className="check-box" />
          </Checkbox>
        ) : (
          <Tag tone="accent">{t('plan.asked')}</Tag>
        ),
      value: (move) => (move.transferId === undefined ? 0 : 1),
    },
    {
      key: 'name',
      label: t('plan.product'),
      isHeader: true,
      show: (move) => (
        <span className="case-headline">
          <span>{move.name}</span>
          <span className="soft">{move.because}</span>
        </span>
      ),
      value: (move) => move.name,
    },
    {
      key: 'from',
      label: t('plan.from'),
      isNarrow: true,
      show: (move) => move.fromName,
      value: (move) => move.fromName,
    },
    {
      key: 'to',
      label: t('plan.to'),
      isNarrow: true,
      show: (move) => move.toName,
      value: (move) => move.toName,
    },
    {
      key: 'qty',
      label: t('plan.units'),
      isNumber: true,
      show: (move) => number(move.qty),
      value: (move) => move.qty,
    },
    {
      key: 'value',
      label: t('plan.value'),
      isNumber: true,
      show: (move) => money(move.value),
      value: (move) => move.value.minor,
    },
    {
      key: 'cost',
      label: t('plan.cost'),
      isNumber: true,
      show: (move) => money(move.cost),
      value: (move) => move.cost.minor,
    },
    {
      key: 'loss',
      label: t('plan.donor-loss'),
      isNumber: true,
      show: (move) => money(move.donorLoss),
      value: (move) => move.donorLoss.minor,
    },
    {
      key: 'net',
      label: t('plan.net'),
      isNumber: true,
      show: (move) => <strong>{money({ minor: netOf(move), currency: move.value.currency })}</strong>,
      value: netOf,
    },
    {
      key: 'confidence',
      label: t('plan.confidence'),
      isNumber: true,
      show: (move) => percent(move.confidence),
      value: (move) => move.confidence,
    },
  ];
}

function unmetColumns({ t, number }: Words): readonly DataColumn<PlanView['unmet'][number]>[] {
  return [
    {
      key: 'store',
      label: t('case.store'),
      isHeader: true,
      show: (need) => need.storeName,
      value: (need) => need.storeName,
    },
    { key: 'name', label: t('plan.product'), show: (need) => need.name, value: (need) => need.name },
    {
      key: 'qty',
      label: t('plan.units'),
      isNumber: true,
      show: (need) => number(need.qty),
      value: (need) => need.qty,
    },
    { key: 'why', label: t('plan.why'), show: (need) => need.why, value: (need) => need.why },
  ];
}
