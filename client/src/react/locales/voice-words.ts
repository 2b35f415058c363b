/**
 * The shape of a language, from the English: a missing key does not compile, nor does one too many. Of a plural,
 * `_other` is asked for; which further forms there are depends on the language.
 */
import type { en } from './en.ts';

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many';
type Stem<Key> = Key extends `${infer Name}_other` ? Name : never;

type Words<Of> = {
  readonly [Key in keyof Of as Key extends `${string}_${PluralForm}` ? never : Key]: Of[Key] extends string
    ? string
    : Words<Of[Key]>;
} & { readonly [Key in `${Stem<keyof Of>}_${PluralForm}`]?: string };

export type VoiceWords = Words<typeof en>;

type Leaf<Of> = {
  [Key in keyof Of & string]: Of[Key] extends string
    ? Key extends `${infer Name}_${PluralForm | 'other'}`
      ? Name
      : Key
    : `${Key}.${Leaf<Of[Key]>}`;
}[keyof Of & string];

/** Every key there is words for, such as `phase.idle`; of a plural, its stem. */
export type VoiceKey = Leaf<typeof en>;
