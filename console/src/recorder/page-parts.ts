/** What the page stands on, made once (`main.tsx`). */
import type { VoiceApi } from '@thankly/voice-client';
import type { createWebManager } from '@thankly/voice-client/web';
import type { Remembered } from '../shared/remembered.ts';
import type { SignIn } from '../shared/sign-in.ts';
import type { EntryList } from './entry-list.ts';

export type PageParts = {
  readonly api: VoiceApi;
  readonly manager: ReturnType<typeof createWebManager>;
  readonly entries: EntryList;
  readonly signIn: SignIn;
  /** `sandbox` is not the real thing; null while it is not known. */
  readonly provider: () => Promise<string | null>;
  readonly language: Remembered;
};
