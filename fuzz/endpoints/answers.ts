/** Whether an answer is one of those that the API document tells of. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ApiDocument, Operation } from './api-document.ts';
import type { Answer, Sent } from './send.ts';

export type Checks = {
  /** Null: the answer is documented, and as documented; else what is wrong with it. */
  undocumented(operation: Operation, answer: Answer, asked: Sent): string | null;
  /** Whether the document would have this body sent. */
  accepts(operation: Operation, body: unknown): boolean;
};

const PROBLEM = 'application/problem+json';
const NAME = 'api';

export function checksOf(document: ApiDocument): Checks {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(document as object, NAME);
  const valid = (pointer: readonly string[], value: unknown): string | null => {
    const $ref = `${NAME}#/${pointer.map(escaped).join('/')}`;
    const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
    return validate(value) === true ? null : ajv.errorsText(validate.errors);
  };
  const at = ({ path, method }: Operation) => ['paths', path, method.toLowerCase()];

  return {
    undocumented(operation, answer, { method, headers }) {
      const { status, mediaType } = answer;
      // HTTP's own answer to a condition (RFC 9110 §13.1.2), whatever is asked for.
      if (status === 304 && method === 'GET' && 'if-none-match' in headers && answer.text === '') return null;
      const types = operation.responses.get(status);
      if (types === undefined) return `the status ${status} is not documented`;
      if (types.length === 0) return answer.text === '' ? null : `${status} has a body`;
      if (!types.includes(mediaType))
        return `${status} as ${mediaType || 'nothing'}, not ${types.join(', ')}`;
      const schema = [...at(operation), 'responses', String(status), 'content', mediaType, 'schema'];
      for (const value of valuesOf(answer)) {
        if (value === NO_JSON) return `${status} is not JSON`;
        const wrong = valid(schema, value);
        if (wrong !== null) return `${status} is not as documented: ${wrong}`;
      }
      return null;
    },
    accepts: (operation, body) =>
      operation.body !== null &&
      valid([...at(operation), 'requestBody', 'content', 'application/json', 'schema'], body) === null,
  };
}

const NO_JSON = Symbol('not JSON');

/** What an answer holds, to be compared: one document, or those that a stream has sent so far. */
function valuesOf({ mediaType, text }: Answer): unknown[] {
  if (mediaType === 'application/json' || mediaType === PROBLEM) return [parsed(text)];
  if (mediaType !== 'text/event-stream') return [text];
  return [...text.matchAll(/^event: status\ndata: (.*)\n\n/gm)].map(([, data = '']) => parsed(data));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NO_JSON;
  }
}

/** JSON Pointer (RFC 6901 §3) in a URI fragment (§6). */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
