import { expect, it } from '@jest/globals';
import { DEFAULT_RETENTION } from '../../recording/retention.ts';
import { readSetupEnvironment } from './setup-environment.ts';

it('needs no more than a bucket', () => {
  expect(readSetupEnvironment({ S3_BUCKET: 'voice', S3_ENDPOINT: '' })).toEqual({
    s3: { bucket: 'voice', region: 'us-east-1' },
    corsOrigins: [],
    retention: DEFAULT_RETENTION,
  });
});

it('reads everything else', () => {
  const environment = {
    S3_BUCKET: 'voice',
    S3_ENDPOINT: 'http://127.0.0.1:9000',
    S3_REGION: 'eu-west-1',
    S3_FORCE_PATH_STYLE: 'false',
    S3_ACCESS_KEY_ID: 'id',
    S3_SECRET_ACCESS_KEY: 'key',
    S3_CORS_ORIGINS: 'https://app.example, http://localhost:5173',
    RETENTION_ABANDONED_DAYS: '7',
    RETENTION_AUDIO_DAYS: '365',
  };
  expect(readSetupEnvironment(environment)).toEqual({
    s3: {
      bucket: 'voice',
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9000',
      forcePathStyle: false,
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    },
    corsOrigins: ['https://app.example', 'http://localhost:5173'],
    retention: { ...DEFAULT_RETENTION, unfinishedDays: 7, recordingDays: 365 },
  });
});

it('reports every bad value at once, and no secret', () => {
  const result = readSetupEnvironment({
    S3_ENDPOINT: 'ftp://x',
    S3_SECRET_ACCESS_KEY: 'very-secret',
    S3_CORS_ORIGINS: 'app.example',
    RETENTION_ABANDONED_DAYS: '0',
    RETENTION_AUDIO_DAYS: '1.5',
  });
  const problems = 'problems' in result ? result.problems : [];
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(
    expect.arrayContaining([
      'S3_BUCKET',
      'S3_ENDPOINT',
      'S3_CORS_ORIGINS',
      'RETENTION_ABANDONED_DAYS',
      'RETENTION_AUDIO_DAYS',
    ]),
  );
  expect(problems.join()).not.toContain('very-secret');
});

it('wants both halves of a key', () => {
  expect(readSetupEnvironment({ S3_BUCKET: 'voice', S3_ACCESS_KEY_ID: 'id' })).toEqual({
    problems: ['S3_SECRET_ACCESS_KEY: goes together with S3_ACCESS_KEY_ID'],
  });
});
