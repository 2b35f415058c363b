import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useWords } from './i18n.ts';

export type SignInFormProps = {
  /** The token before was not accepted. */
  readonly rejected: boolean;
  readonly onToken: (token: string) => void;
};

export function SignInForm({ rejected, onToken }: SignInFormProps) {
  const { words } = useWords();
  const [token, setToken] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (token.trim() === '') setMissing(true);
    else onToken(token);
  }

  return (
    <section className="card" aria-labelledby="sign-in">
      <h2 id="sign-in">{words('signIn.title')}</h2>
      {rejected ? <p role="alert">{words('signIn.rejected')}</p> : <p>{words('signIn.text')}</p>}
      <form onSubmit={submit} className="sign-in">
        <TextInput
          type="password"
          label={words('signIn.label')}
          autoComplete="off"
          spellCheck={false}
          value={token}
          error={missing ? words('signIn.required') : null}
          onChange={(event) => {
            setToken(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <Button type="submit">{words('signIn.button')}</Button>
      </form>
      <p className="quiet">{words('signIn.keeps')}</p>
    </section>
  );
}
