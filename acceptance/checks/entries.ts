/** What came of a recording: in the list, by itself, to be listened to, taken along, and deleted. */
import { ApiError } from '@thankly/voice-client';
import { type Check, CheckFailed, demand, finished, NotChecked } from '../check.ts';
import { forge } from './signed-urls.ts';

const LISTED_MS = 20_000;
const LOOK_AGAIN_MS = 250;
const RANGE = 'bytes=0-99';

const listed: Check = {
  title: 'the entry stands in the list, and by itself',
  async run(context) {
    const { sessionId, token } = finished(context);
    const api = context.deployment.api(token);
    const giveUpAt = performance.now() + LISTED_MS;
    // A view, which is a moment behind.
    for (;;) {
      const { entries } = await api.entries({ limit: 20 });
      if (entries.some(({ id }) => id === sessionId)) break;
      demand(performance.now() < giveUpAt, `GET /entries: it is not there after ${LISTED_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    const { title, transcript } = await api.entry(sessionId);
    demand(title !== '' && transcript !== '', 'GET /entries/{id}: without title or transcript');
    return undefined;
  },
};

const listenedTo: Check = {
  title: 'the recording can be listened to from here, in ranges, and only with its URL as it was signed',
  async run(context) {
    const { sessionId, token, bytes } = finished(context);
    const audio = await context.deployment.api(token).entryAudio(sessionId);
    const part = await context.deployment.get(audio.url, { headers: { range: RANGE } });
    demand(part.status === 206, `GET with Range: ${part.status}, where 206 is due`);
    demand(Buffer.from(part.bytes).equals(bytes.subarray(0, 100)), 'other bytes than were sent');
    const forged = await context.deployment.get(forge(audio.url), { headers: { range: RANGE } });
    demand(forged.status >= 400 && forged.status < 500, `a forged URL was answered ${forged.status}`);
    return `${audio.bytes} bytes`;
  },
};

const takenAlong: Check = {
  title: 'a person can take all of it along',
  async run(context) {
    const { token } = finished(context);
    const { body } = await context.deployment.api(token).exportMe(context.deployment.interrupted);
    let bytes = 0;
    let begins = '';
    for await (const piece of body) {
      if (bytes === 0) begins = Buffer.from(piece.subarray(0, 2)).toString('latin1');
      bytes += piece.length;
    }
    demand(begins === 'PK', 'GET /users/me/export: no ZIP archive');
    return `${bytes} bytes`;
  },
};

const deleted: Check = {
  title: 'what is deleted is gone',
  async run(context) {
    const { sessionId, token } = finished(context);
    const api = context.deployment.api(token);
    await api.erase(sessionId);
    context.made.gone(sessionId);
    const entry = await api.entry(sessionId).catch((error: unknown) => error);
    demand(entry instanceof ApiError && entry.status === 404, 'GET /entries/{id}: it is still there');
    const { state } = await api.status(sessionId).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return { state: 'erased' };
      throw error;
    });
    demand(state === 'erased', `GET status: ${state}`);
    return undefined;
  },
};

/** Before anything is made: whose account this is. */
const account: Check = {
  title: "the user's entries can be listed",
  async run(context) {
    const { entries } = await context.deployment.api(context.deployment.tokens.user).entries({ limit: 1 });
    context.found.hadEntries = entries.length > 0;
    return undefined;
  },
};

const forgotten: Check = {
  title: 'a person is forgotten',
  async run(context) {
    const { deployment, forget, found } = context;
    if (!forget) throw new NotChecked('give --forget, with an account made for this', { harmful: true });
    if (found.hadEntries !== false)
      throw new NotChecked('this account has entries that are not ours', { harmful: true });
    const api = deployment.api(deployment.tokens.user);
    const begun = await api.eraseMe();
    const { id } = begun;
    if (id === null)
      throw new CheckFailed('DELETE /users/me: nothing was known of somebody who has recorded');
    const { requestedAt } = await api.erasure(id);
    demand(requestedAt === begun.requestedAt, 'GET /users/me/erasures/{id}: another one');
    return undefined;
  },
};

export const entriesOf: readonly Check[] = [listed, listenedTo, takenAlong];
export const endings: readonly Check[] = [deleted, forgotten];
export const beforehand: readonly Check[] = [account];
