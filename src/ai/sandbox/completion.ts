/** The wire shapes of a chat answer, whole and in pieces. */
export type CompletionHead = { readonly id: string; readonly created: number; readonly model: string };

/** Characters of a streamed piece; about four tokens. */
const PIECE_CHARACTERS = 16;

export function completion(head: CompletionHead, content: string, promptCharacters: number): object {
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usage(promptCharacters, content.length),
  };
}

export type Chunk = { readonly data: object; readonly characters: number };

/** The same as server-sent chunks, each with how many characters it carries. */
export function* completionChunks(
  head: CompletionHead,
  content: string,
  promptCharacters: number | null,
): Generator<Chunk> {
  const chunk = (delta: object, finish: string | null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    provider: 'sandbox',
  });
  yield { data: chunk({ role: 'assistant', content: '', refusal: null }, null), characters: 0 };
  // By code points: a piece must not end in the middle of one.
  const characters = [...content];
  for (let at = 0; at < characters.length; at += PIECE_CHARACTERS) {
    const piece = characters.slice(at, at + PIECE_CHARACTERS);
    yield { data: chunk({ content: piece.join('') }, null), characters: piece.length };
  }
  yield { data: chunk({}, 'stop'), characters: 0 };
  // "An additional chunk will be streamed before the data: [DONE] message; its choices are always an empty array."
  if (promptCharacters !== null) {
    const last = { ...chunk({}, null), choices: [], usage: usage(promptCharacters, content.length) };
    yield { data: last, characters: 0 };
  }
}

/** About four characters a token. */
function usage(promptCharacters: number, answerCharacters: number): object {
  const prompt = Math.ceil(promptCharacters / 4);
  const answer = Math.ceil(answerCharacters / 4);
  return { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer };
}
