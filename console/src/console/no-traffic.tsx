import { Button, CopyButton } from '@mantine/core';
import type { ExperimentAnswer } from './api-types.ts';
import { words } from './words.ts';

/** Nobody of either arm has recorded yet: says how to see what the page can show. */
export function NoTraffic() {
  const { title, text, command, copy, copied } = words.empty;
  return (
    <section className="card empty-traffic" aria-labelledby="empty">
      <h2 id="empty">{title}</h2>
      <p>{text}</p>
      <p className="command">
        <code>{command}</code>
        <CopyButton value={command}>
          {(clipboard) => (
            <Button variant="default" size="compact-sm" onClick={clipboard.copy}>
              {clipboard.copied ? copied : copy}
            </Button>
          )}
        </CopyButton>
      </p>
    </section>
  );
}

export function hasTraffic({ stages, total }: ExperimentAnswer): boolean {
  const ofBoth = [total, ...stages].flatMap(({ arms }) => [arms.chunked, arms.single]);
  return ofBoth.some(({ sessions }) => sessions > 0);
}
