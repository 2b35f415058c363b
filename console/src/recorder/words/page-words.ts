/** The shape of a language, from the English: a missing key does not compile. Of a plural, `_other` is asked for. */
import type { en } from './en.ts';

type Words<Of> = {
  readonly [Key in keyof Of as Key extends `${string}_one` ? never : Key]: Of[Key] extends string
    ? string
    : Words<Of[Key]>;
};

export type PageWords = Words<typeof en>;

type Leaf<Of> = {
  [Key in keyof Of & string]: Of[Key] extends string
    ? Key extends `${infer Name}_${'one' | 'other'}`
      ? Name
      : Key
    : `${Key}.${Leaf<Of[Key]>}`;
}[keyof Of & string];

/** Every key there is words for, such as `entries.title`; of a plural, its stem. */
export type PageKey = Leaf<typeof en>;
