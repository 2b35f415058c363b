import { describe, expect, it } from '@jest/globals';
import { Markers } from './markers.ts';

const ID = '94b4b76d-3db3-4c73-b8f5-edc5290555b6';

function marked() {
  const markers = new Markers();
  const [anna, ben] = [Markers.nameOf(1, 0), Markers.nameOf(1, 1)];
  const words = markers.wordsFor(anna).join(' ');
  markers.session(ID, anna);
  return { markers, words, anna, ben };
}

describe('a leak', () => {
  it('is what another said, however often, and nothing of what one said oneself', () => {
    const { markers, words, anna, ben } = marked();
    const text = `"text":"${words} ${words}."`;
    expect(markers.leaks(text, { name: ben, role: 'user' }, '')).toEqual([`words of ${anna}`]);
    expect(markers.leaks(text, { name: 'oncall', role: 'sre' }, '')).toEqual([`words of ${anna}`]);
    expect(markers.leaks(text, { name: anna, role: 'user' }, '')).toEqual([]);
  });

  it('is the session of another, but not for who is on call, and not one that was asked for', () => {
    const { markers, anna, ben } = marked();
    const text = `there is ${ID.toUpperCase()}`;
    expect(markers.leaks(text, { name: ben, role: 'user' }, '')).toEqual([`a session of ${anna}`]);
    expect(markers.leaks(text, { name: ben, role: 'user' }, `/entries/${ID}`)).toEqual([]);
    expect(markers.leaks(text, { name: 'oncall', role: 'sre' }, '')).toEqual([]);
  });

  it("is another's name", () => {
    const { markers, anna, ben } = marked();
    expect(markers.leaks(`for ${anna}`, { name: ben, role: 'user' }, '')).toEqual([`the name ${anna}`]);
  });

  it('is no number that happens to be there', () => {
    const { markers, ben } = marked();
    expect(markers.leaks('1000 501 7, 000 5010, 501 000', { name: ben, role: 'user' }, '')).toEqual([]);
  });
});
