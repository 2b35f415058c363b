import { describe, expect, it } from '@jest/globals';
import { AiError, type AiErrorCode, type SpokenParagraph } from '../ai/ai.ts';
import { polishParagraph } from './polish-paragraph.ts';

const signal = new AbortController().signal;
const spoken = 'so um we walked to the river with Anna and the heron was not there';
const faithful = 'We walked to the river with Anna, and the heron was not there.';
const unfaithful = 'We walked to the river with Tom, and the heron was there.';
const by = { provider: 'openai', model: 'gpt-test' };

/** Answers with one text after another; a code is an error. */
function scripted(...answers: readonly (string | { readonly fails: AiErrorCode })[]) {
  const asked: SpokenParagraph[] = [];
  return {
    asked,
    signal,
    ai: {
      polishParagraph: async (input: SpokenParagraph) => {
        const answer = answers[asked.length];
        asked.push(input);
        if (answer === undefined) throw new Error('asked too often');
        if (typeof answer === 'string') return { text: answer, ...by };
        throw new AiError(answer.fails, 'no');
      },
    },
  };
}

describe('a paragraph', () => {
  it('that is polished faithfully is taken at once', async () => {
    const parts = scripted(faithful);
    expect(await polishParagraph({ spoken, before: 'It rained.' }, parts)).toEqual({
      text: faithful,
      tries: 1,
      asSpoken: false,
      dropped: 0,
      invented: 0,
      breaches: [],
      ...by,
    });
    expect(parts.asked).toEqual([{ spoken, before: 'It rained.', strict: false }]);
  });

  it('is asked for again, more strictly, when something was dropped or invented', async () => {
    const parts = scripted(unfaithful, faithful);
    expect(await polishParagraph({ spoken }, parts)).toMatchObject({
      text: faithful,
      tries: 2,
      asSpoken: false,
      breaches: [],
    });
    expect(parts.asked.map(({ strict }) => strict)).toEqual([false, true]);
  });

  it('stays as it was spoken when the second answer is no better', async () => {
    expect(await polishParagraph({ spoken }, scripted('Sure, here is a poem.', unfaithful))).toEqual({
      text: spoken,
      tries: 2,
      asSpoken: true,
      dropped: 2,
      invented: 1,
      breaches: ['name', 'negation', 'too_much'],
      ...by,
    });
  });

  it('may say what its pictures show', async () => {
    const text = `${faithful} A wooden bridge spans dark water.`;
    const imageDescriptions = ['A wooden bridge spans dark water.'];
    expect(await polishParagraph({ spoken, imageDescriptions }, scripted(text))).toMatchObject({
      text,
      tries: 1,
    });
  });

  it('that the provider will not write stays as it was spoken', async () => {
    expect(await polishParagraph({ spoken }, scripted({ fails: 'rejected' }))).toEqual({
      text: spoken,
      tries: 1,
      asSpoken: true,
      dropped: 0,
      invented: 0,
      breaches: [],
      provider: 'none',
      model: 'none',
    });
    expect(await polishParagraph({ spoken }, scripted(unfaithful, { fails: 'rejected' }))).toMatchObject({
      text: spoken,
      tries: 2,
      asSpoken: true,
      ...by,
    });
  });

  it.each<AiErrorCode>([
    'unavailable',
    'rate_limited',
    'timeout',
    'server_error',
    'bad_answer',
    'unauthorised',
  ])('that met %s is for the step to try again', async (code) => {
    await expect(polishParagraph({ spoken }, scripted({ fails: code }))).rejects.toMatchObject({ code });
    await expect(polishParagraph({ spoken }, scripted(unfaithful, { fails: code }))).rejects.toMatchObject({
      code,
    });
  });
});
