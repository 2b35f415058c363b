import { describe, expect, it } from '@jest/globals';
import { type GameDayOptions, readGameDay } from './options.ts';
import { trafficOf } from './traffic.ts';

function traffic(...args: string[]) {
  const options = readGameDay(args, {}, '/') as GameDayOptions;
  return trafficOf(options, options.traffic ?? []);
}

describe('the traffic of a game day', () => {
  it('lasts as long as the fault: two recordings a second, each of somebody else', () => {
    const { rate, shape, url } = traffic('bad-cohort', '--for', '1m', '--url', 'http://127.0.0.1:9999/');
    expect({ rate, users: shape.users, url }).toEqual({ rate: 2, users: 120, url: 'http://127.0.0.1:9999' });
    expect(shape.failure).toEqual({ chunked: 0.9, single: 0.02 });
  });

  it('begins before the fault where something must be there by then', () => {
    expect(traffic('db-restart', '--for', '60s').shape.users).toBe(140);
  });

  it('is as somebody says', () => {
    const { rate, shape } = traffic(
      'bad-cohort',
      '--for',
      '10s',
      '--',
      '--rate',
      '5',
      '--chunked-failure',
      '1',
    );
    expect({ rate, users: shape.users, chunked: shape.failure.chunked }).toEqual({
      rate: 5,
      users: 50,
      chunked: 1,
    });
    expect(traffic('bad-cohort', '--', '--users', '7').shape.users).toBe(7);
  });

  it('takes no more users than the simulation can', () => {
    expect(traffic('bad-cohort', '--for', '24h', '--', '--rate', '50').shape.users).toBe(100_000);
  });

  it('is refused where the simulation refuses it', () => {
    expect(() => traffic('bad-cohort', '--', '--rate', 'much')).toThrow(
      '--rate: a number from 0.01 to 10000',
    );
  });
});
