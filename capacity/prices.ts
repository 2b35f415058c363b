/**
 * Prices, each a list price with its date and where it stands. None is measured, none is an offer, and all change: look
 * them up again before you decide anything by them. US dollars.
 */
export type Price = {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
  /** When it was read there, or, where a year stands alone, of which year it is. */
  readonly asOf: string;
};

const AWS_EC2 = 'aws.amazon.com/ec2/pricing/on-demand, us-east-1, Linux';
const AWS_RDS = 'aws.amazon.com/rds/postgresql/pricing, us-east-1';
const AWS_S3 = 'aws.amazon.com/s3/pricing, us-east-1, S3 Standard';
const OPENAI = 'openai.com/api/pricing';

export const PRICES = {
  /** c7g.large: 2 vCPU, 4 GiB. */
  nodeHour: {
    dollars: 0.0725,
    per: 'node (c7g.large, 2 vCPU, 4 GiB), an hour',
    source: AWS_EC2,
    asOf: '2025',
  },
  /** db.r6g: 2 vCPU and 16 GiB cost $0.225 in one zone, and twice that with a standby in another. */
  postgresCpuHour: {
    dollars: 0.225,
    per: 'vCPU of db.r6g with a standby (Multi-AZ), an hour',
    source: AWS_RDS,
    asOf: '2025',
  },
  postgresGigabyteMonth: {
    dollars: 0.23,
    per: 'GB of gp3 with a standby (Multi-AZ), a month',
    source: AWS_RDS,
    asOf: '2026',
  },
  storeGigabyteMonth: { dollars: 0.023, per: 'GB, a month (the first 50 TB)', source: AWS_S3, asOf: '2025' },
  storePuts: { dollars: 0.005, per: '1,000 PUT', source: AWS_S3, asOf: '2025' },
  storeGets: { dollars: 0.0004, per: '1,000 GET or HEAD', source: AWS_S3, asOf: '2025' },
  transcribedMinute: { dollars: 0.006, per: 'minute of sound, whisper-1', source: OPENAI, asOf: '2025' },
  millionTokensIn: { dollars: 0.15, per: 'million tokens in, gpt-4o-mini', source: OPENAI, asOf: '2025' },
  millionTokensOut: { dollars: 0.6, per: 'million tokens out, gpt-4o-mini', source: OPENAI, asOf: '2025' },
} as const satisfies Readonly<Record<string, Price>>;

/** An account's limits at the provider's highest published tier; more is a talk with its sales. */
export const PROVIDER_LIMITS = {
  transcriptionsPerMinute: 10_000,
  chatsPerMinute: 30_000,
  tokensPerMinute: 150_000_000,
  source: 'platform.openai.com/docs/models, tier 5, whisper-1 and gpt-4o-mini',
  asOf: '2025',
} as const;
