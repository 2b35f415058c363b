import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useNavigation } from '../console/link.tsx';
import { addresses } from '../console/route.ts';
import { words } from './words.ts';

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Opens a session by its id; what is pasted may be its stream, its link or a log line. */
export function SessionSearch() {
  const navigation = useNavigation();
  const [text, setText] = useState('');
  const [isInvalid, setInvalid] = useState(false);
  const { label, placeholder, button, invalid } = words.sessions.search;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const id = ID.exec(text)?.[0];
    if (id === undefined) setInvalid(true);
    else navigation.go(addresses.session(id.toLowerCase()));
  }

  return (
    <form className="session-search" onSubmit={submit}>
      <TextInput
        label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        error={isInvalid ? invalid : null}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setInvalid(false);
        }}
      />
      <Button type="submit" variant="default">
        {button}
      </Button>
    </form>
  );
}
