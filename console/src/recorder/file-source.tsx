/** A recording that is there already: dropped anywhere on the page, chosen, or the built-in sample. */
import { Button, FileButton } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { bytesText } from './figures.ts';
import { useWords } from './i18n.ts';
import type { PageParts } from './page-parts.ts';
import { ACCEPTED, type FileProblem, lookAtFile, MAX_FILE_BYTES } from './recording-file.ts';

type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly name: string }
  | {
      readonly kind: 'problem';
      readonly problem: FileProblem | 'busy' | 'sample-missing';
      readonly name: string;
    };

const SAMPLE = '/sample.wav';
const SAMPLE_NAME = 'sample.wav';

export function FileSource({ manager }: Pick<PageParts, 'manager'>) {
  const { words, tag } = useWords();
  const [step, setStep] = useState<Step>({ kind: 'none' });
  const resetFile = useRef<() => void>(null);

  const send = useCallback(
    async (name: string, open: () => Promise<Blob | null>) => {
      if (isRecording(manager)) {
        setStep({ kind: 'problem', problem: 'busy', name });
        return;
      }
      setStep({ kind: 'opening', name });
      const file = await open().catch(() => null);
      const found = file === null ? 'sample-missing' : await lookAtFile(file);
      if (file === null || typeof found === 'string') {
        setStep({ kind: 'problem', problem: found as FileProblem, name });
        return;
      }
      setStep({ kind: 'none' });
      // It may have been begun while the file was looked at.
      if (isRecording(manager)) setStep({ kind: 'problem', problem: 'busy', name });
      else await manager.send(file, found);
    },
    [manager],
  );
  const sendFile = useCallback((file: File) => send(file.name, async () => file), [send]);
  const isOver = useDrop(sendFile);

  return (
    <section className="card source" aria-labelledby="source" data-over={isOver || undefined}>
      <h2 id="source">{words('source.title')}</h2>
      <p className="quiet">{isOver ? words('source.drop') : words('source.hint')}</p>
      <div className="buttons">
        <FileButton
          accept={ACCEPTED}
          resetRef={resetFile}
          inputProps={{ 'aria-label': words('source.choose'), tabIndex: -1 }}
          onChange={(file) => {
            resetFile.current?.(); // so that the same one may be chosen again
            if (file !== null) void sendFile(file);
          }}
        >
          {(props) => (
            <Button {...props} variant="default">
              {words('source.choose')}
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={() => void send(SAMPLE_NAME, fetchSample)}>
          {words('source.sample')}
        </Button>
      </div>
      <p className="quiet small">{words('source.sampleHint')}</p>
      <div role="status">
        {step.kind === 'opening' && <p>{words('source.opening', { name: step.name })}</p>}
        {step.kind === 'problem' && (
          <p className="problem">
            {words(`source.${step.problem}`, { name: step.name, limit: bytesText(MAX_FILE_BYTES, tag) })}
          </p>
        )}
      </div>
    </section>
  );
}

async function fetchSample(): Promise<Blob> {
  const response = await fetch(SAMPLE);
  if (!response.ok) throw new Error(`${SAMPLE}: ${response.status}`);
  return response.blob();
}

function isRecording({ state }: PageParts['manager']): boolean {
  return ['starting', 'recording', 'paused', 'finishing'].includes(state.phase);
}

/** Takes a file that is dropped anywhere: a browser would leave the page for it. Tells whether one is held over it. */
function useDrop(onFile: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) onFile(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onFile]);
  return isOver;
}
