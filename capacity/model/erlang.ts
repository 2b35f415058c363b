/** Erlang's formulas for calls that find all servers busy (A. K. Erlang 1917). Pure. */

/**
 * The chance that a call has to wait in M/M/c: Erlang C, from Erlang B by its recurrence
 * B(n) = aB(n−1) ÷ (n + aB(n−1)), which no number is too large for.
 * @param servers whole, at least 1
 * @param offered erlangs: arrivals a second × mean seconds a call
 * @returns 1 when more is offered than there are servers
 */
export function erlangC(servers: number, offered: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = oneMore(n, offered, blocked);
  return waiting(servers, offered, blocked);
}

/** Erlang B of `n` servers, from that of one less. */
function oneMore(n: number, offered: number, blocked: number): number {
  return (offered * blocked) / (n + offered * blocked);
}

/** Erlang C from Erlang B of the same servers. */
function waiting(servers: number, offered: number, blocked: number): number {
  return offered >= servers ? 1 : blocked / (1 - (offered / servers) * (1 - blocked));
}

/** Mean seconds of waiting in M/M/c, of all calls. @param meanSeconds of one call */
export function meanWait(servers: number, offered: number, meanSeconds: number): number {
  if (offered >= servers) return Number.POSITIVE_INFINITY;
  return (erlangC(servers, offered) * meanSeconds) / (servers - offered);
}

/** The fewest servers of which a call finds none free with at most this chance. */
export function serversFor(offered: number, mayWait: number): number {
  let blocked = 1;
  for (let servers = 1; ; servers++) {
    blocked = oneMore(servers, offered, blocked);
    if (waiting(servers, offered, blocked) <= mayWait) return servers;
  }
}
