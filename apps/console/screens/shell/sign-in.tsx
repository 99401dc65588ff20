/** The way in: an API key, exchanged for a session cookie that scripts cannot read. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components';
import { hub } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { Refused } from '@truecount/screens/request';
import { useWords } from '../words/use-words.ts';
import { Mark } from './mark.tsx';
import { LanguageSwitch, ThemeSwitch } from '@truecount/screens/switches';

export function SignIn() {
  const { t } = useWords();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: (tried: string) => hub.signIn(tried),
    retry: false,
    onSuccess: (session) => {
      setKey('');
      queries.setQueryData(sessionQuery.queryKey, session);
    },
  });
  const problem =
    signIn.error instanceof Refused && (signIn.error.status === 401 || signIn.error.status === 403)
      ? t('sign-in.wrong')
      : (signIn.error?.message ?? (signIn.data?.signedIn === false ? t('sign-in.wrong') : undefined));
  return (
    <main className="sign-in" data-testid="sign-in">
      <div className="sign-in-box">
        <Mark size={44} />
        <h1>{t('sign-in.title')}</h1>
        <p className="soft">{t('sign-in.hint')}</p>
        <Form
          className="sign-in-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (key.trim() !== '') signIn.mutate(key.trim());
          }}
        >
          <TextField
            className="field"
            type="password"
            value={key}
            onChange={setKey}
            isInvalid={problem !== undefined}
            autoComplete="current-password"
          >
            <Label>{t('sign-in.key')}</Label>
            <Input className="input" data-testid="key" />
            <FieldError className="field-error">{problem}</FieldError>
          </TextField>
          <Button
            type="submit"
            className="button primary"
            data-testid="sign-in-submit"
            isDisabled={signIn.isPending}
          >
            {t('sign-in.submit')}
          </Button>
        </Form>
      </div>
      <div className="sign-in-foot">
        <LanguageSwitch />
        <ThemeSwitch iconSize={18} />
      </div>
    </main>
  );
}
