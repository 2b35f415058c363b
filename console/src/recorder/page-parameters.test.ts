import { describe, expect, it } from '@jest/globals';
import { readParameters } from './page-parameters.ts';

describe('the parameters of the page', () => {
  it('are all optional', () => {
    expect(readParameters('')).toEqual({ mimeType: null, mode: null, processing: true, language: null });
  });

  it('choose container, mode, processing and language', () => {
    expect(readParameters('?mime=audio%2Fwebm%3Bcodecs%3Dopus&mode=segments&processing=off&lang=zh')).toEqual(
      {
        mimeType: 'audio/webm;codecs=opus',
        mode: 'segments',
        processing: false,
        language: 'zh',
      },
    );
  });

  it('are ignored when they name something unknown', () => {
    expect(readParameters('?mime=text/html&mode=slices&processing=maybe&lang=xx')).toEqual({
      mimeType: null,
      mode: null,
      processing: true,
      language: null,
    });
  });
});
