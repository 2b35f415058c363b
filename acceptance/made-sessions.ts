/**
 * What was made, and is deleted again. Noted before it is there: who is interrupted while a session is being made waits
 * for it, and deletes it too.
 */
import {
  ApiError,
  type CreatedSession,
  createVoiceApi,
  patiently,
  systemPatience,
} from '@thankly/voice-client';

const PATIENCE_MS = 30_000;

export class MadeSessions {
  readonly #tokens = new Map<string, string>();
  readonly #beingMade = new Set<Promise<unknown>>();

  /** @param session is not to be given up before it has settled */
  async make(session: Promise<CreatedSession>, token: string): Promise<CreatedSession> {
    const noted = session.then((made) => {
      this.#tokens.set(made.sessionId, token);
      return made;
    });
    const settled = noted.catch(() => undefined);
    this.#beingMade.add(settled);
    void settled.then(() => this.#beingMade.delete(settled));
    return noted;
  }

  /** It has been deleted. */
  gone(sessionId: string): void {
    this.#tokens.delete(sessionId);
  }

  /** Deletes all that is left, trying again for half a minute; answers with the ids that could not be. */
  async deleteAll(url: string): Promise<readonly string[]> {
    await Promise.all(this.#beingMade);
    const sessions = [...this.#tokens];
    this.#tokens.clear();
    const left = await Promise.all(
      sessions.map(async ([sessionId, token]) =>
        (await isDeleted(url, sessionId, token)) ? [] : [sessionId],
      ),
    );
    return left.flat();
  }
}

async function isDeleted(url: string, sessionId: string, token: string): Promise<boolean> {
  const api = createVoiceApi({ baseUrl: url, token });
  try {
    await patiently(() => api.erase(sessionId), systemPatience(PATIENCE_MS));
    return true;
  } catch (error) {
    // A user who was forgotten meanwhile took it along.
    return error instanceof ApiError && error.status === 404;
  }
}
