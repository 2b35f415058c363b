/** The contract's shapes: the one source of request types and of /openapi.json. */
import { z } from 'zod';
import { EMOTIONS } from '../ai/ai.ts';
import { STEPS } from '../recording/events.ts';

const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex')
  .meta({ example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' });
const Milliseconds = z
  .number()
  .min(0)
  .max(24 * 3_600_000);
const Bytes = z
  .number()
  .int()
  .min(0)
  .max(1024 ** 3);
const ChunkIndex = z.number().int().min(0).max(99_999);
const Instant = z.iso.datetime({ offset: true });

/** The containers that can be joined, cut and transcribed. */
export const AUDIO_TYPES = ['audio/wav', 'audio/webm', 'audio/mp4', 'audio/ogg', 'audio/mpeg'] as const;
const AUDIO_ALIASES: Readonly<Record<string, string>> = {
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'video/webm': 'audio/webm',
  'video/mp4': 'audio/mp4',
  'audio/mp3': 'audio/mpeg',
};
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'] as const;

const MimeType = z
  .string()
  .max(100)
  .regex(
    /^[a-zA-Z0-9.+-]+\/[a-zA-Z0-9.+-]+(\s*;\s*[a-zA-Z0-9_.-]+=("[ !#-[\]-~]*"|[a-zA-Z0-9_.,-]+))*$/,
    'a media type such as audio/webm;codecs=opus',
  )
  .transform((value) => {
    const [type = '', ...parameters] = value.split(';').map((part) => part.trim());
    const base = AUDIO_ALIASES[type.toLowerCase()] ?? type.toLowerCase();
    return [base, ...parameters].join(';');
  })
  .refine(
    (value) => AUDIO_TYPES.some((type) => value.split(';')[0] === type),
    `one of ${AUDIO_TYPES.join(', ')}`,
  )
  .meta({ example: 'audio/webm;codecs=opus' });

export const CreateBody = z
  .strictObject({
    mimeType: MimeType,
    kind: z.enum(['voice', 'voice-with-images']).default('voice'),
    segmenting: z
      .strictObject({
        mode: z.enum(['stream', 'segments', 'slices']),
        seconds: z.number().min(0.5).max(60).optional(),
      })
      .optional(),
    images: z
      .array(z.strictObject({ mimeType: z.enum(IMAGE_TYPES) }))
      .max(9)
      .optional(),
    device: z
      .record(z.string().max(40), z.string().max(200))
      .optional()
      .refine((device) => Object.keys(device ?? {}).length <= 20, 'at most 20 properties'),
  })
  .refine((body) => body.kind !== 'voice' || (body.images ?? []).length === 0, {
    path: ['images'],
    message: 'only with kind voice-with-images',
  })
  .refine((body) => body.kind === 'voice' || (body.images ?? []).length > 0, {
    path: ['images'],
    message: 'kind voice-with-images needs 1 to 9 images',
  })
  .meta({ id: 'CreateSession' });
export type CreateBody = z.output<typeof CreateBody>;

const SignedUrl = z
  .object({
    index: ChunkIndex,
    url: z.url(),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    expiresAt: Instant,
  })
  .meta({
    id: 'SignedUrl',
    description:
      'PUT the bytes there with exactly these headers, before it expires. 412 means that it was put before.',
  });

export const CreateAnswer = z
  .object({
    sessionId: z.uuid(),
    strategy: z.enum(['chunked', 'single']),
    assignment: z.object({
      flag: z.string(),
      variant: z.enum(['chunked', 'single']),
      percent: z.number(),
      reason: z.string(),
    }),
    upload: z.object({
      concurrency: z.number().int(),
      chunkSeconds: z.number(),
      maxChunkBytes: z.number().int(),
      urls: z.array(SignedUrl),
      imageUrls: z.array(SignedUrl).optional(),
    }),
    expiresAt: Instant,
  })
  .meta({ id: 'Session' });

const MAX_URLS = 100;
/** `3-5`, `7` or `0-2,9`: at most 100 indexes. */
export const PresignQuery = z.object({
  chunks: z
    .string()
    .max(200)
    .regex(/^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/, 'indexes such as 3-5 or 0-2,9')
    .transform((value, context) => {
      const indexes = new Set<number>();
      for (const range of value.split(',')) {
        const [first = 0, last = first] = range.split('-').map(Number);
        if (last < first || last - first >= MAX_URLS) {
          context.addIssue({
            code: 'custom',
            message: `ranges go upwards and name at most ${MAX_URLS} chunks`,
          });
          return z.NEVER;
        }
        for (let index = first; index <= last; index++) indexes.add(index);
      }
      if (indexes.size > MAX_URLS) {
        context.addIssue({ code: 'custom', message: `at most ${MAX_URLS} chunks at once` });
        return z.NEVER;
      }
      return [...indexes];
    })
    .meta({ example: '3-5' }),
});
export const PresignAnswer = z.object({ urls: z.array(SignedUrl) }).meta({ id: 'SignedUrls' });

export const ChunkParams = z.object({
  id: z.uuid(),
  index: z
    .string()
    .regex(/^\d{1,5}$/, 'a chunk index')
    .transform(Number)
    .meta({ example: '0' }),
});
const CHUNK_FIELDS = {
  bytes: Bytes,
  sha256: Sha256,
  startMs: Milliseconds.optional(),
  endMs: Milliseconds.optional(),
  levels: z
    .array(z.number().min(-200).max(20))
    .max(600)
    .optional()
    .meta({ description: 'Loudness in dBFS, ten a second.' }),
  uploadMs: Milliseconds.optional(),
  attempts: z.number().int().min(1).max(10_000).optional(),
};
const endsAfterItsStart = ({
  startMs,
  endMs,
}: {
  startMs?: number | undefined;
  endMs?: number | undefined;
}) => startMs === undefined || endMs === undefined || endMs >= startMs;
const BACKWARDS = { path: ['endMs'], message: 'not before startMs' };
export const ChunkBody = z
  .strictObject(CHUNK_FIELDS)
  .refine(endsAfterItsStart, BACKWARDS)
  .meta({ id: 'Chunk' });
export const ChunkAnswer = z.object({ received: z.array(ChunkIndex) }).meta({ id: 'ChunksReceived' });

const MAX_LISTED = 2_000;
const eachOnce = (chunks: readonly { readonly index: number }[]) =>
  new Set(chunks.map(({ index }) => index)).size === chunks.length;
const Images = z
  .array(z.strictObject({ index: ChunkIndex, bytes: Bytes, sha256: Sha256 }))
  .max(MAX_LISTED)
  .refine(eachOnce, 'each index once');
const Chunks = z
  .array(z.strictObject({ index: ChunkIndex, ...CHUNK_FIELDS }).refine(endsAfterItsStart, BACKWARDS))
  .max(MAX_LISTED)
  .refine(eachOnce, 'each index once');

export const CompleteBody = z
  .strictObject({
    acknowledged: z
      .number()
      .int()
      .min(0)
      .max(MAX_LISTED)
      .default(0)
      .meta({ description: 'So many chunks, from the first on, were acknowledged and need not be listed.' }),
    chunks: Chunks.meta({
      description:
        'All chunks, or those that `acknowledged` does not count; what was never acknowledged may bring its details.',
    }),
    images: Images.optional(),
    durationMs: Milliseconds,
    stoppedAt: Instant,
    sha256: Sha256.optional().meta({
      description:
        'Of the chunks one after the other: compared with the joined recording (not with `segments`, which are remuxed).',
    }),
  })
  .meta({ id: 'CompleteUpload' });
export const CompleteAnswer = z
  .object({ sessionId: z.uuid(), state: z.string() })
  .meta({ id: 'UploadAccepted' });

export const FallbackBody = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^[a-z0-9_-]+$/, 'a code such as chunk_rejected'),
  })
  .meta({ id: 'Fallback' });

const StepStatus = z.object({
  state: z.enum(['waiting', 'running', 'retrying', 'done', 'failed', 'not-needed']),
  failedAttempts: z.number().int(),
  retryAt: Instant.optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

const Coverage = z
  .object({
    capturedMs: z.number(),
    storedMs: z.number(),
    transcribedMs: z.number(),
    gaps: z.array(
      z.object({
        startMs: z.number(),
        endMs: z.number(),
        reason: z.string().meta({
          description:
            '`pending` (still to be heard), `not_stored` (recorded, and never arrived), `not_transcribed`, or why what was heard was not understood.',
        }),
      }),
    ),
  })
  .meta({
    id: 'Coverage',
    description:
      'What became of every millisecond: captured, less the gaps, is transcribed. The gaps are in order and do not overlap.',
  });

export const StatusAnswer = z
  .object({
    sessionId: z.uuid(),
    state: z.enum(['recording', 'processing', 'completed', 'failed', 'expired', 'erased']),
    stage: z.string(),
    progress: z.number().min(0).max(100),
    received: z.array(ChunkIndex),
    steps: z.record(z.enum(STEPS), StepStatus),
    coverage: Coverage.optional(),
    transcript: z.object({ text: z.string(), language: z.string().optional() }).optional(),
    partialTranscript: z.object({ text: z.string(), throughMs: z.number() }).optional().meta({
      description: 'Until the transcript is there: what was understood so far and will not change.',
    }),
    entry: z
      .object({
        title: z.string(),
        text: z.string(),
        emotion: z.enum(EMOTIONS).nullable(),
        feedback: z.string().nullable(),
      })
      .optional(),
    sealedBy: z
      .enum(['client', 'server'])
      .optional()
      .meta({ description: 'Who said that this is all: `server` when the recorder had gone quiet' }),
    failure: z
      .object({
        code: z.string(),
        message: z.string(),
        retriable: z.boolean(),
        action: z.literal('upload_whole_file').optional(),
      })
      .optional(),
    timings: z.object({
      uploadWaitMs: z.number().nullable(),
      processingMs: z.number().nullable(),
      totalMs: z.number().nullable(),
    }),
    provider: z.string().optional().meta({ description: '`sandbox` is not the real thing.' }),
    version: z.number().int(),
  })
  .meta({ id: 'Status' });

export const EntriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]+$/, 'the `next` of an earlier page')
    .optional(),
});
const EntryItem = z.object({
  id: z.uuid(),
  createdAt: Instant,
  title: z.string(),
  text: z.string(),
  emotion: z.enum(EMOTIONS).nullable(),
  feedback: z.string().nullable(),
});
export const EntriesAnswer = z
  .object({ entries: z.array(EntryItem), next: z.string().nullable() })
  .meta({ id: 'Entries' });
export const EntryAnswer = EntryItem.extend({
  transcript: z.string(),
  coverage: Coverage.optional(),
  audio: z.enum(['kept', 'gone', 'not_joined']).meta({
    description: 'Whether the recording can be listened to; `gone` when it is past its retention.',
  }),
}).meta({ id: 'Entry' });
export const AudioAnswer = z
  .object({
    url: z.url().meta({ description: 'GET it, also in ranges (`Range: bytes=…`); it needs no token.' }),
    mimeType: z.string(),
    bytes: z.number().int(),
    durationMs: z.number(),
    expiresAt: Instant,
  })
  .meta({ id: 'EntryAudio' });

export const FlagsAnswer = z
  .object({
    chunkedUpload: z.object({
      enabled: z.boolean(),
      variant: z.enum(['chunked', 'single']),
      chunkSeconds: z.number(),
      concurrency: z.number().int(),
    }),
  })
  .meta({ id: 'Flags' });

export const ROLES = ['user', 'viewer', 'release-manager', 'sre'] as const;
/** Of a token: no control characters, which PostgreSQL or a log would not take. */
export const Subject = z
  .string()
  .trim()
  .min(1)
  .regex(/^\P{Cc}+$/u, 'no control characters');
export const TokenBody = z
  .strictObject({ userId: Subject.max(128), role: z.enum(ROLES).default('user') })
  .meta({ id: 'DevToken' });
export const TokenAnswer = z.object({ token: z.string() }).meta({ id: 'Token' });

export const IdempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'visible ASCII characters')
  .optional();

export const ProblemAnswer = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; `code` is stable. Some codes bring details of their own.' });
