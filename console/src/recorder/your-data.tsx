/**
 * What a person may ask about all that is kept of them: to have it, and to have it deleted.
 *
 *   idle ─▶ saving ─▶ saved | not saved        idle ─▶ asked ─▶ deleting ─▶ deleted
 *                                                               └─▶ not deleted ─▶ (again) asked
 *
 * Deleting goes on at the server when the page is closed meanwhile.
 */
import { Button } from '@mantine/core';
import type { Erasure } from '@thankly/voice-client';
import { forgetSavedStreams, saveStream } from '@thankly/voice-client/web';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { DeleteAllDialog } from './delete-all-dialog.tsx';
import { useWords } from './i18n.ts';
import type { PageParts } from './page-parts.ts';

type Parts = Pick<PageParts, 'api' | 'manager' | 'entries' | 'signIn'>;

type Step =
  | { readonly kind: 'idle' | 'asked' | 'saving' | 'saved' | 'notSaved' | 'deleted' | 'notDeleted' }
  | { readonly kind: 'deleting'; readonly all: number; readonly left: number };

export function YourData({ api, manager, entries, signIn }: Parts) {
  const { words } = useWords();
  const { phase } = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  const [step, setStep] = useState<Step>({ kind: 'idle' });
  const ending = useRef<HTMLParagraphElement>(null);
  const isBusy = step.kind === 'saving' || step.kind === 'deleting';

  // The button that was pressed is gone with what it deleted.
  useEffect(() => {
    if (step.kind === 'deleted') ending.current?.focus();
  }, [step.kind]);

  async function save(): Promise<void> {
    setStep({ kind: 'saving' });
    try {
      const { body, fileName } = await api.exportMe();
      await saveStream(body, fileName);
      setStep({ kind: 'saved' });
    } catch {
      setStep({ kind: 'notSaved' });
    }
  }

  async function deleteAll(): Promise<void> {
    setStep({ kind: 'deleting', all: 0, left: 0 });
    let all = 0;
    try {
      await forgetSavedStreams();
      for await (const { sessionsLeft } of manager.eraseMe()) {
        all = Math.max(all, sessionsLeft);
        entries.clear();
        setStep(isGone(sessionsLeft) ? { kind: 'deleted' } : { kind: 'deleting', all, left: sessionsLeft });
        if (isGone(sessionsLeft)) break; // the server goes on looking for a minute, and needs nobody for it
      }
    } catch {
      setStep({ kind: 'notDeleted' });
    }
    void entries.load();
  }

  return (
    <section className="card" aria-labelledby="your-data">
      <h2 id="your-data">{words('data.title')}</h2>
      <p className="quiet">{words('data.text')}</p>
      <div className="buttons">
        <Button
          variant="default"
          loading={step.kind === 'saving'}
          disabled={isBusy || phase !== 'signed-in'}
          onClick={() => void save()}
        >
          {words('data.save')}
        </Button>
        <Button
          variant="subtle"
          color="red"
          disabled={isBusy || phase !== 'signed-in'}
          onClick={() => setStep({ kind: 'asked' })}
        >
          {words('data.delete')}
        </Button>
      </div>
      <div role="status">
        {step.kind === 'saving' && <p className="quiet">{words('data.saving')}</p>}
        {step.kind === 'saved' && <p>{words('data.saved')}</p>}
        {step.kind === 'notSaved' && <p className="problem">{words('data.notSaved')}</p>}
        {step.kind === 'deleting' && <p>{words('data.deleting')}</p>}
        {step.kind === 'notDeleted' && <p className="problem">{words('data.notDeleted')}</p>}
        {step.kind === 'deleted' && (
          <p ref={ending} tabIndex={-1}>
            {words('data.deleted')}
          </p>
        )}
      </div>
      {step.kind === 'deleting' && (
        <progress
          className="deleting"
          aria-label={words('data.progress')}
          max={step.all || 1}
          value={step.all - step.left}
        />
      )}
      {step.kind === 'asked' && (
        <DeleteAllDialog
          onConfirm={() => void deleteAll()}
          onClose={() => setStep((now) => (now.kind === 'asked' ? { kind: 'idle' } : now))}
        />
      )}
    </section>
  );
}

function isGone(sessionsLeft: Erasure['sessionsLeft']): boolean {
  return sessionsLeft === 0;
}
