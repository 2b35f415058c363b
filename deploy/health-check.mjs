/** The image's health check: whether this node is ready. No dependency, since it is started every few seconds. */
const port = process.env.PORT || '8080';
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(
  () => null,
);
process.exit(answer?.ok ? 0 : 1);
