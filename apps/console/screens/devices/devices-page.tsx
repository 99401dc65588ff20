/** Every device: how it stands, what its secret is, and, for administrators, codes, rotation and revocation. */
import { useQuery } from '@tanstack/react-query';
import type { DeviceView } from '@truecount/protocol';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { devicesQuery, sessionQuery, storesQuery } from '../api/queries.ts';
import { Figures } from '../shell/figures.tsx';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { Tag } from '../shell/tags.tsx';
import { type DataColumn, DataTable } from '../table/data-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';
import { DevicePanel } from './device-panel.tsx';
import { NewCode } from './new-code.tsx';
import { OpenCodes } from './open-codes.tsx';

export function DevicesPage() {
  const words = useWords();
  const { t, number } = words;
  const { data: devices, error } = useQuery(devicesQuery);
  const { data: stores } = useQuery(storesQuery);
  const { data: session } = useQuery(sessionQuery);
  const [picked, setPicked] = useState('');
  if (!devices || !stores) return <Pending error={error} />;
  const isAdmin = session?.role === 'admin';
  const device = devices.find(({ id }) => id === picked);
  const names = new Map(stores.map(({ id, name }) => [id, name]));
  const count = (is: (view: DeviceView) => boolean): string => number(devices.filter(is).length);
  return (
    <Page title={t('devices.title')} testId="devices-page">
      <Figures
        items={[
          { name: t('devices.connected'), value: `${count(({ online }) => online)} / ${devices.length}` },
          { name: t('devices.fenced'), value: count(({ state }) => state === 'fenced') },
          { name: t('devices.revoked'), value: count(({ state }) => state === 'revoked') },
          { name: t('devices.rotating'), value: count(({ isRotating }) => isRotating) },
        ]}
      />
      <div className="device-columns">
        <DataTable
          label={t('devices.title')}
          testId="devices-table"
          rows={devices}
          columns={columnsOf(words, names, setPicked)}
          idOf={({ id }) => id}
          initialSort={{ column: 'store', direction: 'ascending' }}
          empty={t('devices.empty')}
          exportAs="devices"
        />
        <div className="device-side">
          {device ? (
            <DevicePanel key={device.id} device={device} isAdmin={isAdmin} onClose={() => setPicked('')} />
          ) : (
            <NewCode stores={stores} isAdmin={isAdmin} />
          )}
          <OpenCodes names={names} />
        </div>
      </div>
    </Page>
  );
}

function columnsOf(
  words: Words,
  names: ReadonlyMap<string, string>,
  onPick: (id: string) => void,
): readonly DataColumn<DeviceView>[] {
  const { t, relative } = words;
  const storeName = ({ store }: DeviceView): string => names.get(store) ?? store;
  return [
    {
      key: 'id',
      label: t('devices.device'),
      isHeader: true,
      show: ({ id }) => (
        <Button className="link-button" data-testid={`device-${id}`} onPress={() => onPick(id)}>
          {id}
        </Button>
      ),
      value: ({ id }) => id,
    },
    { key: 'store', label: t('devices.store'), show: storeName, value: storeName },
    {
      key: 'standing',
      label: t('devices.standing'),
      show: (device) => <DeviceStanding device={device} words={words} />,
      value: (device) => (device.state === 'active' ? (device.online ? 'online' : 'outage') : device.state),
    },
    {
      key: 'secret',
      label: t('devices.secret'),
      show: ({ hasCode, isRotating }) => (
        <span className="soft">
          {t(
            isRotating
              ? 'devices.secret-rotating'
              : hasCode
                ? 'devices.secret-code'
                : 'devices.secret-config',
          )}
        </span>
      ),
      value: ({ hasCode, isRotating }) => (isRotating ? 'rotating' : hasCode ? 'code' : 'config'),
    },
    {
      key: 'enrolled',
      label: t('devices.enrolled'),
      show: ({ enrolledAt }) => <span className="soft">{relative(enrolledAt)}</span>,
      value: ({ enrolledAt }) => enrolledAt,
    },
  ];
}

function DeviceStanding({ device, words }: { readonly device: DeviceView; readonly words: Words }) {
  const { t, relative } = words;
  if (device.state !== 'active') return <Tag tone="bad">{t(`device.${device.state}`)}</Tag>;
  const standing = device.online ? 'online' : device.lastSeenAt === undefined ? 'never' : 'outage';
  return (
    <span className="standing" data-standing={standing}>
      <span className="dot" aria-hidden />
      {standing === 'online' && t('store.online')}
      {standing === 'never' && t('store.never')}
      {standing === 'outage' && t('store.outage', { when: relative(device.lastSeenAt ?? '') })}
    </span>
  );
}
