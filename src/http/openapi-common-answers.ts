/** What every operation may answer by what it takes, said once: its own words, where it has some, go before. */
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { problem } from './openapi-parts.ts';

const METHODS = ['get', 'put', 'post', 'delete'] as const;

export function withCommonAnswers(paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const operations = METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [[method, completed(operation)]];
      });
      return [path, { ...item, ...Object.fromEntries(operations) }];
    }),
  );
}

function completed(operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject {
  const { security, requestParams, requestBody, responses } = operation;
  const common: ZodOpenApiResponsesObject = {
    ...(security === undefined
      ? {
          401: problem('`token_missing`, `token_expired`, `token_invalid`'),
          429: problem('`too_many_requests`; with Retry-After'),
          503: problem(
            'What it stands on does not answer, or it has too much to do (`overloaded`, `queue_full`); with Retry-After',
          ),
        }
      : {}),
    ...(requestParams === undefined && requestBody === undefined
      ? {}
      : { 400: problem('`validation_failed`, with the fields') }),
    ...(requestBody === undefined
      ? {}
      : {
          400: problem('`validation_failed`, with the fields; `body_not_json`'),
          408: problem('`body_too_slow`'),
          413: problem('`body_too_large`'),
          415: problem('`content_type_unsupported`'),
        }),
  };
  return { ...operation, responses: { ...common, ...responses } };
}
