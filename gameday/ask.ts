const TIMEOUT_MS = 5_000;

/** A request to a part of the system, with a time-out. The body is sent as JSON. @throws Error when there is no answer */
export function ask(url: string, body?: object): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return body === undefined
    ? fetch(url, { signal })
    : fetch(url, { signal, method: 'POST', body: JSON.stringify(body) });
}
