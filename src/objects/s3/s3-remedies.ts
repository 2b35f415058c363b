/** What a person can mend, by the code that S3 answers with. */
const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'S3_BUCKET is not there; npm run s3:setup makes it',
  InvalidAccessKeyId: 'S3_ACCESS_KEY_ID is unknown to the store',
  SignatureDoesNotMatch: 'S3_SECRET_ACCESS_KEY is not the one of S3_ACCESS_KEY_ID',
  AccessDenied:
    'these credentials may not do this (docs/deploy.md#s3-on-aws), or are not S3_BUCKET’s owner’s',
  UserSuspended: 'the user of S3_ACCESS_KEY_ID is suspended',
  ExpiredToken: 'the credentials have expired',
  InvalidToken: 'the credentials have been withdrawn',
  TokenRefreshRequired: 'the credentials have expired',
  CredentialsProviderError: 'no credentials were found: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or a role',
  PermanentRedirect: 'the bucket is in another region than S3_REGION, or not at S3_ENDPOINT',
  AuthorizationHeaderMalformed: 'the bucket is in another region than S3_REGION',
  RequestTimeTooSkewed: 'this machine’s clock is wrong',
};

/** Empty, or with what it begins: `: S3_BUCKET is not there`. */
export function remedyOf(code: string): string {
  return REMEDIES[code] === undefined ? '' : `: ${REMEDIES[code]}`;
}
