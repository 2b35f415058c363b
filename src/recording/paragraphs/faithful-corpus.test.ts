/** The check held against a small corpus: how often it cries wolf, and what slips through when an answer is spoilt. */
import { describe, expect, it } from '@jest/globals';
import { compare } from './faithful.ts';

/** Written by hand: how people talk into a diary, and a good polishing of it. */
const PAIRS: readonly (readonly [spoken: string, written: string])[] = [
  [
    "So, um, today was actually kind of a weird day. I woke up at like six thirty because the dog was barking, and, you know, I couldn't get back to sleep. So I just made coffee and sat on the balcony for a while. It was really quiet. I think that's the first time in weeks that I've, that I've just sat there and done nothing.",
    "Today was kind of a weird day. I woke up at 6:30 because the dog was barking, and I couldn't get back to sleep, so I made coffee and sat on the balcony for a while. It was really quiet. I think that's the first time in weeks that I've just sat there and done nothing.",
  ],
  [
    "Okay so I had the meeting with Sarah and Tom about the about the budget thing and it went it went better than I thought I mean they were they were pretty open to it. We're gonna get like forty thousand for the first quarter and then we'll see. I was so nervous before, my hands were literally shaking.",
    "I had the meeting with Sarah and Tom about the budget, and it went better than I thought. They were pretty open to it. We're going to get about forty thousand for the first quarter, and then we'll see. I was so nervous before that my hands were shaking.",
  ],
  [
    "uh grateful for um three things today first of all my mom called and we talked for like an hour about nothing really second I finished the report that I've been putting off since since last Thursday and third um the weather it was it was so nice I went for a run by the river",
    "I'm grateful for three things today. First, my mom called and we talked for an hour about nothing really. Second, I finished the report that I've been putting off since last Thursday. And third, the weather was so nice that I went for a run by the river.",
  ],
  [
    "I don't know I just feel like like he never listens you know and I told him I told him on Monday that I can't do this anymore and he was like yeah okay whatever and then he just left and I I sat in the kitchen and cried for I don't know twenty minutes",
    'I just feel like he never listens. I told him on Monday that I can\'t do this anymore, and he said, "Yeah, okay, whatever," and then he just left. I sat in the kitchen and cried for twenty minutes.',
  ],
  [
    "we was at the lake me and Danny and his two kids and the little one she catched a fish a real one like this big and she was screaming and laughing and then she didn't want to kill it so we we throwed it back",
    "We were at the lake, Danny and I and his two kids. The little one caught a fish, a real one, this big, and she was screaming and laughing. Then she didn't want to kill it, so we threw it back.",
  ],
  [
    "Work was a lot today. Uh, we had the launch, and there was this bug with the, with the payment page, and everyone was on this call, like fifteen people, and nobody knew what was going on. Eventually Priya found it. It was just a typo in the config. A typo! Three hours for a typo. But anyway, it's done, it's live, and I'm going to sleep.",
    "Work was a lot today. We had the launch, and there was a bug with the payment page. Everyone was on this call, about fifteen people, and nobody knew what was going on. Eventually Priya found it: it was just a typo in the config. A typo! Three hours for a typo. But anyway, it's done, it's live, and I'm going to sleep.",
  ],
  [
    "I've been thinking about, um, about grandpa a lot lately. He would have turned ninety two, no, ninety three this week. And I keep, I keep remembering how he used to peel apples in one long, one long strip, and he'd give me the, the peel. It's such a small thing. But I miss it. I miss him.",
    "I've been thinking about Grandpa a lot lately. He would have turned ninety-three this week. I keep remembering how he used to peel apples in one long strip and give me the peel. It's such a small thing, but I miss it. I miss him.",
  ],
  [
    "so the doctor said it's nothing serious it's probably stress and I should sleep more and drink less coffee which okay fair and I have to come back in in six weeks on the uh on the fourteenth of January and take two of the the pills in the morning and one in the evening",
    "The doctor said it's nothing serious; it's probably stress, and I should sleep more and drink less coffee. Okay, fair. I have to come back in six weeks, on the 14th of January, and take two of the pills in the morning and one in the evening.",
  ],
  [
    '嗯，今天呢，就是我去见了我大学的同学，我们差不多有，有五年没见了。然后我们去吃了火锅，聊了好多好多以前的事情。她现在在上海工作，她说她压力挺大的，但是也挺开心的。我觉得，嗯，时间过得真快啊。',
    '今天我去见了我的大学同学，我们差不多有五年没见了。我们去吃了火锅，聊了好多以前的事情。她现在在上海工作，她说她压力挺大的，但也挺开心的。我觉得时间过得真快。',
  ],
  [
    '今天早上起来就感觉特别累，昨天晚上大概一点多才睡，因为那个项目的报告还没写完。老板说周五之前一定要交，我其实有点焦虑。不过中午跟小李一起吃饭，他讲了个笑话，我笑了好久。',
    '今天早上起来就感觉特别累，昨晚大概一点多才睡，因为项目的报告还没写完。老板说周五之前一定要交，我有点焦虑。不过中午跟小李一起吃饭，他讲了个笑话，我笑了好久。',
  ],
  [
    '我今天去跑步了，跑了五公里，用了三十二分钟，比上次快了两分钟，我挺高兴的。然后晚上给妈妈打电话，她说爸爸的腿好多了，不用再去医院了。',
    '我今天去跑步了，跑了5公里，用了32分钟，比上次快了2分钟，我挺高兴的。晚上给妈妈打电话，她说爸爸的腿好多了，不用再去医院了。',
  ],
  [
    'Yeah I guess the thing I want to remember from today is is the way the light came in through the through the church windows when they were singing. It was all blue and red on the floor and my daughter she was, she was trying to catch it with her hands.',
    'I guess what I want to remember from today is the way the light came in through the church windows when they were singing. It was all blue and red on the floor, and my daughter was trying to catch it with her hands.',
  ],
  [
    'it cost one hundred and twenty five dollars and fifty cents which is crazy I paid ninety nine last year at the same place on fifth avenue in two thousand nineteen',
    'It cost $125.50, which is crazy. I paid $99 last year at the same place on Fifth Avenue in 2019.',
  ],
  [
    "We left around quarter past eight, got stuck in traffic on the A5 for like an hour and a half, and then, and then the hotel didn't have our booking. So that was fun. We ended up in a different place, the Seaview, it's called, which was actually nicer.",
    "We left around 8:15, got stuck in traffic on the A5 for an hour and a half, and then the hotel didn't have our booking. So that was fun. We ended up in a different place, called the Seaview, which was actually nicer.",
  ],
];

type Spoilt = { readonly spoken: string; readonly written: string; readonly at: string };

/** Every answer once for each place at which the pattern matches, with that replaced. */
function spoilt(pattern: RegExp, instead: (matched: string) => string): Spoilt[] {
  return PAIRS.flatMap(([spoken, written]) =>
    [...written.matchAll(pattern)].map(({ 0: matched, index }) => ({
      spoken,
      at: matched.trim(),
      written: written.slice(0, index) + instead(matched) + written.slice(index + matched.length),
    })),
  );
}

const slipsThrough = ({ spoken, written }: Spoilt) => compare(spoken, written).breaches.length === 0;
const SENTENCE = /[^.!?。]+[.!?。]+["”]?(?=\s|$|\p{Script=Han})/gu;

describe('of good answers', () => {
  it.each(PAIRS)('%.40s… is let through', (spoken, written) => {
    expect(compare(spoken, written)).toMatchObject({ breaches: [] });
  });

  it('a Chinese word for another is asked for again: it cannot be told from another name', () => {
    expect(
      compare('我今天在公园看到的花特别好看，拍了很多照片', '我今天在公园看到的花特别漂亮，拍了很多照片'),
    ).toEqual({
      dropped: ['好看'],
      invented: ['漂亮'],
      breaches: ['changed', 'passage', 'too_much'],
    });
  });
});

describe('of spoilt answers', () => {
  it.each<[string, number, Spoilt[]]>([
    ['a number changed', 19, spoilt(/\d+|\b(?:three|fifteen|twenty|forty|ninety)\b/g, () => 'seven')],
    ['a name changed', 10, spoilt(/(?<=[a-z,] )(?!I\b)[A-Z][a-z]+/g, () => 'Kevin')],
    ['a negation dropped', 10, spoilt(/\b(?:never|nobody|nothing)\b|n't|不(?!过)/g, () => '')],
    ['a sentence added', 40, spoilt(SENTENCE, (s) => `${s} It filled me with hope.`)],
    ['a Chinese sentence added', 8, spoilt(/[^。]+。/g, (s) => `${s}这让我很感动。`)],
  ])('none with %s is let through', (_, atLeast, answers) => {
    expect(answers.length).toBeGreaterThanOrEqual(atLeast);
    expect(answers.filter(slipsThrough)).toEqual([]);
  });

  it('a sentence dropped is let through only where it was said twice, or said one thing without a full stop', () => {
    const answers = spoilt(SENTENCE, () => '');
    expect(answers.length).toBeGreaterThanOrEqual(40);
    expect(answers.filter(slipsThrough).map(({ at }) => at)).toEqual([
      'A typo!',
      'I miss him.',
      'Okay, fair.',
    ]);
  });
});
