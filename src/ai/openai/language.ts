/** Whisper's languages; it names them in English ("chinese") where we keep ISO 639-1 ("zh"). */
const CODES =
  'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha he hi hr ht hu hy id is it ' +
  'ja ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn ' +
  'so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh';

const names = new Intl.DisplayNames(['en'], { type: 'language' });
const BY_NAME = new Map(CODES.split(' ').map((code) => [(names.of(code) ?? code).toLowerCase(), code]));

/** The ISO 639-1 code of a language given by code or English name; undefined when it is neither. */
export function languageCode(language: string | undefined): string | undefined {
  const name = language?.trim().toLowerCase() ?? '';
  return /^[a-z]{2}$/.test(name) ? name : BY_NAME.get(name);
}
