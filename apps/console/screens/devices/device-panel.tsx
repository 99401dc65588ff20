/** One device: what is known of it, a new secret, or the end of its access. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DeviceView } from '@truecount/protocol';
import { Ban, RefreshCcw, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { hub } from '../api/client.ts';
import { useWords } from '../words/use-words.ts';

interface DevicePanelProps {
  readonly device: DeviceView;
  readonly isAdmin: boolean;
  readonly onClose: () => void;
}

export function DevicePanel({ device, isAdmin, onClose }: DevicePanelProps) {
  const { t, relative } = useWords();
  const isRevoked = device.state === 'revoked';
  const facts: readonly (readonly [string, string])[] = [
    [t('devices.version'), device.version ?? '–'],
    [t('devices.life'), String(device.epoch)],
    [t('devices.enrolled'), relative(device.enrolledAt)],
    ...(device.revokedReason === undefined
      ? []
      : [[t('devices.revoked-because'), device.revokedReason] as const]),
  ];
  return (
    <section className="panel device-panel" aria-labelledby="device-panel-title" data-testid="device-panel">
      <header className="device-head">
        <h2 className="panel-title" id="device-panel-title">
          {device.id}
        </h2>
        <Button className="icon-button" aria-label={t('devices.close')} onPress={onClose}>
          <X aria-hidden size={18} />
        </Button>
      </header>
      <dl className="device-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {device.state === 'fenced' && <p className="soft">{t('devices.fenced-hint')}</p>}
      {!isAdmin && <p className="soft">{t('devices.admins-only')}</p>}
      {isAdmin && !isRevoked && <Acts device={device} />}
      {isAdmin && isRevoked && <p className="soft">{t('devices.revoked-hint')}</p>}
    </section>
  );
}

function Acts({ device }: { readonly device: DeviceView }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const onSuccess = (): void => void queries.invalidateQueries({ queryKey: ['devices'] });
  const rotate = useMutation({ mutationFn: () => hub.rotate(device.id), onSuccess });
  const revoke = useMutation({ mutationFn: () => hub.revoke(device.id, reason.trim()), onSuccess });
  const problem = rotate.error ?? revoke.error;
  return (
    <>
      <p className="soft fine">{t(device.hasCode ? 'devices.rotate-hint' : 'devices.config-hint')}</p>
      <div className="acts">
        <Button
          className="button quiet"
          data-testid="rotate"
          isDisabled={!device.hasCode || device.isRotating || rotate.isPending}
          onPress={() => rotate.mutate()}
        >
          <RefreshCcw aria-hidden size={16} />
          {t(device.isRotating ? 'devices.secret-rotating' : 'devices.rotate')}
        </Button>
      </div>
      <TextField className="field" value={reason} onChange={setReason} maxLength={300}>
        <Label>{t('devices.reason')}</Label>
        <Input className="input" data-testid="revoke-reason" />
      </TextField>
      {problem && (
        <p className="problem" role="alert">
          {problem.message}
        </p>
      )}
      <div className="acts">
        <Button
          className="button danger"
          data-testid="revoke"
          isDisabled={reason.trim().length < 3 || revoke.isPending}
          onPress={() => revoke.mutate()}
        >
          <Ban aria-hidden size={16} />
          {t('devices.revoke')}
        </Button>
      </div>
    </>
  );
}
