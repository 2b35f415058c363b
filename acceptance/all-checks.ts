import type { Check } from './check.ts';
import { access } from './checks/access.ts';
import { beforehand, endings, entriesOf } from './checks/entries.ts';
import { operators } from './checks/operators.ts';
import { recordings } from './checks/recordings.ts';
import { measured, service } from './checks/service.ts';
import { signedUrls } from './checks/signed-urls.ts';

/** In this order: what comes later looks at what was made before. */
export const ALL_CHECKS: readonly Check[] = [
  ...service,
  ...access,
  ...beforehand,
  ...recordings,
  ...signedUrls,
  ...entriesOf,
  ...operators,
  ...measured,
  ...endings,
];
