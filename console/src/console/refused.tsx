/** There is nothing to show, and why: not for this role, no such flag, or what the server says. */
import { Anchor, Button } from '@mantine/core';
import type { ApiError } from '@thankly/voice-client';
import { KNOWN_FLAG } from './route.ts';
import { words } from './words.ts';

export type RefusedProps = { readonly error: ApiError; readonly flag: string; readonly onAgain: () => void };

export function Refused({ error, flag, onAgain }: RefusedProps) {
  const { title, text } = told(error, flag);
  return (
    <section className="card refused" role="alert" aria-labelledby="refused">
      <h2 id="refused">{title}</h2>
      <p>{text}</p>
      <div className="buttons">
        {flag !== KNOWN_FLAG && isUnknown(error) && (
          <Anchor href="/console">{words.refused.chunkedUpload}</Anchor>
        )}
        <Button variant="default" onClick={onAgain}>
          {words.failed.again}
        </Button>
      </div>
    </section>
  );
}

function told(error: ApiError, flag: string) {
  const { forbidden, forbiddenText, unknown, unknownText, other } = words.refused;
  if (error.status === 403) return { title: forbidden, text: forbiddenText };
  if (isUnknown(error)) return { title: unknown(flag), text: unknownText };
  return { title: other, text: error.message };
}

/** A name that is no flag's name is refused as invalid. */
const isUnknown = ({ code }: ApiError) => code === 'flag_unknown' || code === 'validation_failed';
