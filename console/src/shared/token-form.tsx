import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

export type TokenFormProps = {
  readonly texts: Readonly<Record<'title' | 'text' | 'label' | 'required' | 'button', string>> & {
    /** Said instead of `text` when the last token was not accepted. */
    readonly rejected: string;
    readonly note?: string;
  };
  readonly rejected: boolean;
  readonly onToken: (token: string) => void;
};

/** Where one signs in by pasting an access token. */
export function TokenForm({ texts, rejected, onToken }: TokenFormProps) {
  const [token, setToken] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (token.trim() === '') setMissing(true);
    else onToken(token);
  }

  return (
    <section className="card" aria-labelledby="sign-in">
      <h2 id="sign-in">{texts.title}</h2>
      {rejected ? <p role="alert">{texts.rejected}</p> : <p>{texts.text}</p>}
      <form onSubmit={submit} className="sign-in">
        <TextInput
          type="password"
          label={texts.label}
          autoComplete="off"
          spellCheck={false}
          value={token}
          error={missing ? texts.required : null}
          onChange={(event) => {
            setToken(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <Button type="submit">{texts.button}</Button>
      </form>
      {texts.note !== undefined && <p className="quiet">{texts.note}</p>}
    </section>
  );
}
