/** What a program that we start is given of our environment: what any Node needs, and nothing of ours (keys, addresses). */
const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SYSTEMROOT', 'LANG', 'NODE_COMPILE_CACHE'];

/** With `more`, names of variables that it needs besides. What is not set here is not set there. */
export function childEnvironment(more: readonly string[] = []): NodeJS.ProcessEnv {
  return Object.fromEntries(
    [...NEEDED, ...more].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );
}
