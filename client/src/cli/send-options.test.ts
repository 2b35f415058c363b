import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from './send-options.ts';

describe('the command line of send', () => {
  it('has a default for all but the file', () => {
    expect(readOptions(['note.wav'])).toEqual({
      file: 'note.wav',
      url: 'http://127.0.0.1:8080',
      token: undefined,
      user: 'demo',
      mode: 'slices',
      chunkSeconds: undefined,
      realtime: false,
      images: [],
      concurrency: undefined,
      patienceMs: 60_000,
      json: false,
    });
  });

  it('reads every option', () => {
    const line =
      'note.webm --url https://voice.example/ --token T --user me --mode segments --chunk-seconds 2.5 --realtime ' +
      '--image a.png --image b.jpg --concurrency 3 --patience 0.5 --json';
    expect(readOptions(line.split(' '))).toEqual({
      file: 'note.webm',
      url: 'https://voice.example',
      token: 'T',
      user: 'me',
      mode: 'segments',
      chunkSeconds: 2.5,
      realtime: true,
      images: ['a.png', 'b.jpg'],
      concurrency: 3,
      patienceMs: 500,
      json: true,
    });
  });

  it('takes the token from the environment, where others cannot see it in the list of processes', () => {
    expect(readOptions(['a.wav'], { THANKLY_TOKEN: 'T' })?.token).toBe('T');
    expect(readOptions(['a.wav', '--token', 'mine'], { THANKLY_TOKEN: 'T' })?.token).toBe('mine');
    expect(readOptions(['a.wav'], { THANKLY_TOKEN: '' })?.token).toBeUndefined();
  });

  it.each([
    ['', 'which file?'],
    ['a.wav b.wav', 'one file at a time'],
    ['a.wav --mode chunks', '--mode'],
    ['a.wav --chunk-seconds 0', '--chunk-seconds'],
    ['a.wav --chunk-seconds soon', '--chunk-seconds'],
    ['a.wav --chunk-seconds 61', '--chunk-seconds'],
    ['a.wav --concurrency 1.5', '--concurrency'],
    ['a.wav --concurrency 17', '--concurrency'],
    ['a.wav --patience -1', '--patience'],
    ['a.wav --url ftp://here', '--url'],
    ['a.wav --url nowhere', '--url'],
    ['a.wav --token=', '--token'],
    [`a.wav ${'--image a.png '.repeat(10).trim()}`, '--image'],
    ['a.wav --loud', '--loud'],
  ])('refuses "%s", naming what is wrong', (line, named) => {
    expect(() => readOptions(line.split(' ').filter(Boolean))).toThrow(named);
  });

  it('tells of every option in its help', () => {
    expect(readOptions(['--help'])).toBeNull();
    for (const option of 'url token user mode chunk-seconds realtime image concurrency patience json'.split(
      ' ',
    )) {
      expect(HELP).toContain(`--${option}`);
    }
  });
});
