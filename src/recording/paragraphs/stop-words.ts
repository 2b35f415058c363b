/**
 * What may come and go in polishing without a change of what is said: fillers, hedges, and the words that grammar is
 * made of. English and Chinese. Of other languages every word counts, so that more is asked again, never less.
 */
const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

export const FILLERS = list(`
  um umm uh uhh uhm er erm eh ah oh hm hmm mm mhm huh wow yeah yep yes ok okay right well so like just really actually
  basically literally honestly obviously anyway anyways anyhow kinda sorta pretty quite very too also even still then
  now guess maybe perhaps somehow
`);

export const GRAMMAR_WORDS = list(`
  a an the this that these those it its itself i me my mine myself you your yours yourself he him his himself she her
  hers herself we us our ours ourselves they them their theirs themselves who whom whose which what
  am is are was were be been being do does did doing done has have had having will would shall should can could may
  might must ought gonna got gotta get getting
  and or but if because cos cuz as while when where until since than once how why though although
  of in on at to from for with by about into onto over under out off up down through around between
  some any each all both such own same other another more most here there thing things stuff
  st nd rd th oclock let lets
`);

/** Left out wherever they stand: each of their words may mean something elsewhere. */
export const FILLER_PHRASES: readonly (readonly string[])[] = [
  'you know',
  'sort of',
  'kind of',
  'i do not know',
  'what do you call it',
  'or something',
  'and so on',
  'to be honest',
  'of course',
].map((phrase) => phrase.split(' '));

/** Takes back what was said just before. */
export const CORRECTIONS: readonly (readonly string[])[] = [
  'i mean',
  'i meant',
  'no wait',
  'wait no',
  'no sorry',
  'sorry no',
  'or rather',
  'scratch that',
].map((phrase) => phrase.split(' '));

export const CHINESE_FILLERS =
  /就是说|就是|那个|这个|然后|所以说|所以|因此|但是|可是|不过|而且|因为|其实|比如说|怎么说|对不对|是不是|对吧|好吧|你知道|反正|不仅|什么|怎么|非常|特别/g;
export const CHINESE_CORRECTIONS = /(?<!对)(?:不对)+|我是说|我的意思是|说错了|应该说/g;
export const CHINESE_STOP_CHARACTERS: ReadonlySet<string> = new Set(
  '的了着过地得呢吧啊呀嘛吗哦噢嗯呃唉哎哈啦咯就也都还很是在和跟与把被我你您他她它们咱那这个之啥咋',
);

export const NEGATIONS = list('not never no none nobody nothing neither nor without cannot nowhere');
export const CHINESE_NEGATIONS: ReadonlySet<string> = new Set('不没未');
