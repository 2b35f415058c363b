import { AiError } from '../ai.ts';
import type { Question } from './answers.ts';

type Choice = { finish_reason?: unknown; message?: { content?: unknown; refusal?: unknown } | null } | null;

/**
 * The answer in a chat completion. The client's types trust the server; here it is looked at as it came.
 * @throws AiError `bad_answer`, `rejected` (the model or its filter refused)
 */
export function answerOf<T>(question: Question<T>, completion: unknown): T {
  const { name, answer } = question;
  const parsed = answer.safeParse(jsonOf(name, contentOf(name, completion)));
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new AiError('bad_answer', `${name}: the answer does not fit its schema (${where.slice(0, 80)})`);
  }
  return parsed.data;
}

function contentOf(name: string, completion: unknown): string {
  const { choices } = (completion ?? {}) as { choices?: unknown };
  const choice = Array.isArray(choices) ? (choices[0] as Choice) : null;
  if (choice?.message?.refusal || choice?.finish_reason === 'content_filter') {
    throw new AiError('rejected', `${name}: the provider refused the content`);
  }
  if (choice?.finish_reason === 'length')
    throw new AiError('bad_answer', `${name}: the answer was cut short`);
  const content = choice?.message?.content;
  if (typeof content !== 'string')
    throw new AiError('bad_answer', `${name}: there is no answer in the answer`);
  return content;
}

function jsonOf(name: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new AiError('bad_answer', `${name}: the answer is not JSON`);
  }
}
