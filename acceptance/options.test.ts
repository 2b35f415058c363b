import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from './options.ts';

describe('the command line of npm run acceptance', () => {
  it('takes tokens from the environment, and those of the command line before', () => {
    const environment = { THANKLY_TOKEN: 'from-outside', THANKLY_SRE_TOKEN: 'on-call', METRICS_TOKEN: '' };
    expect(readOptions(['--url', 'https://voice.example/', '--token', 'given'], environment)).toMatchObject({
      url: 'https://voice.example',
      token: 'given',
      sreToken: 'on-call',
      metricsToken: undefined,
      patienceMs: 120_000,
      forget: false,
    });
  });

  it.each([
    [['--url', 'voice.example'], '--url'],
    [['--origin', 'https://app.example/page'], '--origin'],
    [['--token', ' '], '--token'],
    [['--patience', '0'], '--patience'],
    [['--nothing'], '--nothing'],
    [['https://voice.example'], 'https://voice.example'],
  ])('refuses %j', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });

  it('explains each option it takes', () => {
    expect(readOptions(['--help'])).toBeNull();
    for (const name of ['--url', '--token', '--internal-token', '--forget', '--strict', '--json'])
      expect(HELP).toContain(`  ${name}`);
  });
});
