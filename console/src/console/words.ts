/** Every word of the rollout page and of the console's frame, in one file so that they are read together (the SRE pages have ../sre/words.ts). English only; what the server says in plain words is shown as it came. */
import type {
  AutopilotDecision,
  FlagEffect,
  GuardrailName,
  MovedBy,
  RolloutState,
  Verdict,
} from './api-types.ts';
import type { Role } from './console-sign-in.ts';
import { clockText, countText, expectedText, oddsText, percentText, spanText } from './figures.ts';

const ROLES: Readonly<Record<Role, string>> = {
  'release-manager': 'Release manager',
  sre: 'SRE',
  viewer: 'Viewer',
  user: 'User of the app',
};

const STATES: Readonly<Record<RolloutState, string>> = {
  planned: 'Planned',
  running: 'Running',
  paused: 'Paused',
  'rolled-back': 'Rolled back',
  completed: 'Completed',
};

const MOVERS: Readonly<Record<MovedBy, string>> = {
  person: 'Person',
  autopilot: 'Autopilot',
  system: 'System',
};

const GUARDRAILS: Readonly<Record<GuardrailName, string>> = {
  failure: 'Failures',
  slow: 'Slow entries',
  sampleRatio: 'Sizes of the arms',
};

const TIMES = {
  totalMs: 'Total, from stop to the entry',
  uploadWaitMs: 'Wait for the upload after stop',
  processingMs: 'Processing',
} as const;

/** What is otherwise in Unleash than `flags/` says, by its code. */
const PROBLEMS: Readonly<Record<string, string>> = {
  flag_missing: 'The flag is not there.',
  flag_archived: 'The flag is archived.',
  flag_disabled: 'The flag is switched off.',
  strategy_missing: 'The strategy that gives it to a share of users is gone.',
  strategy_changed: 'The strategy buckets users differently: people may change arms.',
  strategy_added: 'There is another strategy: it may give the flag to more users.',
  segment_missing: 'The segment of internal developers is gone.',
  segment_changed: 'The segment of internal developers was changed.',
  payload_invalid: 'The settings of the variant are no valid JSON: the app uses its own.',
  payload_changed: 'The settings of the variant were changed.',
};

export const words = {
  product: 'Thankly Voice',
  flag: 'Rollout of',
  titleOf: (percent: number, flag: string) => `${percentText(percent)} · ${flag} · Thankly Voice`,
  skip: 'Skip to the content',
  pages: {
    label: 'Pages of the console',
    rollout: 'Rollout',
    sessions: 'Sessions',
    session: 'Session',
    'dead-letters': 'Dead letters',
    consumers: 'Consumers',
    provider: 'Provider',
    nowhere: 'No such page',
  },
  nowhere: { text: 'The console has no page at this address.', link: 'Open the rollout' },
  scheme: { label: 'Colours', light: 'Light', dark: 'Dark', auto: 'As the device' },
  links: {
    label: 'Related pages',
    recorder: 'Recorder',
    unleash: 'Unleash',
    dashboard: 'Dashboards',
    api: 'API',
    elsewhere: '(opens in a new tab)',
  },
  role: { label: 'Look as', names: ROLES, failed: 'The role could not be changed.' },
  live: {
    live: 'Live',
    connecting: 'Connecting',
    away: (seenAt: number | null) =>
      seenAt === null ? 'Not live' : `Not live: last seen ${clockText(seenAt)}`,
    again: 'Connect now',
    lost: 'The connection is lost. What you see may be old; it is tried again by itself.',
  },

  standing: {
    title: 'Where it is',
    ofUsers: 'of users have chunked upload',
    states: STATES,
    entered: {
      planned: 'Planned',
      running: 'Entered',
      paused: 'Paused',
      'rolled-back': 'Rolled back',
      completed: 'Completed',
    } satisfies Record<RolloutState, string>,
    by: 'by',
    attempt: (attempt: number) => `attempt ${attempt}`,
  },
  path: {
    label: 'Stages of the plan',
    done: 'passed',
    current: 'now',
    ahead: 'ahead',
    needs: (minimumMs: number, minimumSessions: number) =>
      `${spanText(minimumMs)}, ${countText(minimumSessions)} sessions`,
    offPlan: 'not in the plan',
  },
  effect: {
    inForce: (percent: number) => `In force in Unleash: ${percentText(percent)}`,
    checked: 'Checked',
    pending: (percent: number) => `${percentText(percent)} is being written to Unleash, and read back …`,
    unknown: 'What is in force is not known yet: Unleash has not been read.',
    failing: (percent: number) =>
      `Unleash could not be moved to ${percentText(percent)}. It is tried again by itself.`,
    drifted: ({ percent, enabled }: FlagEffect, wanted: number) => {
      if (enabled === false) {
        return `Somebody switched the flag off in Unleash: nobody gets chunked upload, the rollout says ${percentText(wanted)}.`;
      }
      if (percent === null) {
        return `Somebody took the percentage away in Unleash; the rollout says ${percentText(wanted)}.`;
      }
      if (percent === wanted) return 'Somebody changed the flag in Unleash; the percentage is as it was.';
      return `Somebody moved the flag in Unleash: it stands at ${percentText(percent)}, the rollout says ${percentText(wanted)}.`;
    },
    problem: (code: string) => PROBLEMS[code] ?? code,
    keep: (percent: number) => `Make ${percentText(percent)} the stage`,
    putBack: (percent: number) => `Put it back to ${percentText(percent)}`,
  },

  moves: {
    label: 'Moves',
    advance: (percent: number) => `Advance to ${percentText(percent)}`,
    begin: (percent: number) => `Begin at ${percentText(percent)}`,
    beginAgain: (percent: number) => `Begin again at ${percentText(percent)}`,
    lower: (percent: number) => `Go back to ${percentText(percent)}`,
    /** Where it stands already. */
    to: (percent: number) => `Move to ${percentText(percent)}`,
    pause: 'Pause',
    resume: 'Resume',
    rollback: 'Roll back',
    complete: 'Complete',
    other: 'Move to another percentage…',
    brakeOnly: 'Whoever is on call may roll back. Every other move is a release manager’s.',
    whilePaused:
      'While it is paused it goes no higher. Resume it to move on; rolling back works at any time.',
    readOnly: (role: Role) =>
      `You look as ${ROLES[role].toLowerCase()}: the page shows everything, and only release managers move the rollout.`,
  },
  dialog: {
    reason: 'Reason',
    reasonHint: 'Everybody reads it in the history.',
    reasonMissing: 'Say why.',
    percent: 'Percent of users',
    percentInvalid: 'A whole number from 0 to 100.',
    already: (percent: number) => `It stands at ${percentText(percent)} already.`,
    cancel: 'Cancel',
    sending: 'Sending …',
    meanwhile: 'Meanwhile somebody else moved it:',
    meanwhileGoOn: (percent: number, state: RolloutState) =>
      `It stands at ${percentText(percent)} now (${STATES[state].toLowerCase()}). Your move and your reason are kept: go on only if they still make sense.`,
    title: {
      other: 'Move to another percentage',
      move: 'Move',
      autopilotOn: 'Switch the autopilot on',
      autopilotOff: 'Switch the autopilot off',
      pause: (percent: number) => `Pause at ${percentText(percent)}`,
      resume: (percent: number) => `Resume at ${percentText(percent)}`,
      rollback: (percent: number) => `Roll back from ${percentText(percent)} to ${percentText(0)}`,
      complete: 'Complete the rollout',
    },
    text: {
      up: (from: number, to: number) =>
        `${percentText(to - from)} more of all users get chunked upload. Who has it keeps it.`,
      down: (from: number, to: number) =>
        `${percentText(from - to)} of all users go back to the single upload. Recordings in progress finish as they began.`,
      skips: (stages: readonly number[]) =>
        `This leaves out the ${stages.length === 1 ? 'stage' : 'stages'} at ${stages.map(percentText).join(', ')}: say in the reason why that is safe.`,
      rollback:
        'Everybody gets the single upload again within seconds. Recordings in progress finish as they began. Nothing goes up again by itself.',
      zero: `${percentText(0)} is a rollback: everybody gets the single upload again, and nothing goes up again by itself.`,
      pause: 'It goes no higher until somebody resumes it. Nobody is reassigned.',
      resume: 'It may be moved on again; the autopilot too, if it is on.',
      complete: 'Chunked upload stays on for everybody, and the experiment is over.',
      autopilotOn:
        'It advances when a stage has had its time and sessions, no guardrail objects and the gain is shown. It rolls back by itself when a guardrail is breached.',
      autopilotOff:
        'Then the rollout moves by hand only. A breached guardrail is shown here, and nobody is rolled back for it.',
      putBack: 'What was changed by hand in Unleash is overwritten.',
      keep: 'What was done by hand in Unleash becomes the rollout’s own stage.',
    },
    rollbackReason: (percent: number) => `Rolled back by hand from ${percent} %.`,
  },

  autopilot: {
    title: 'Autopilot',
    on: 'On',
    off: 'Off',
    decision: (decision: AutopilotDecision, isOn: boolean, next: number | null) => {
      const would = isOn ? 'It' : 'If it were on, it';
      const verb = (on: string, off: string) => `${would} ${isOn ? on : off}`;
      switch (decision) {
        case 'hold':
          return `${verb('holds', 'would hold')}. It waits for:`;
        case 'advance':
          return `${verb('advances', 'would advance')}${next === null ? '' : ` to ${percentText(next)}`} now.`;
        case 'complete':
          return `${verb('completes', 'would complete')} the rollout now.`;
        case 'pause':
          return `${verb('pauses', 'would pause')} the rollout now.`;
        case 'roll-back':
          return `${verb('rolls', 'would roll')} back now.`;
        default:
          return decision satisfies never;
      }
    },
    time: 'Time in this stage',
    timeOf: (elapsedMs: number, minimumMs: number) => `${spanText(elapsedMs)} of ${spanText(minimumMs)}`,
    sessions: 'Chunked sessions ended',
    sessionsOf: (ended: number, minimum: number) => `${countText(ended)} of ${countText(minimum)}`,
  },

  evidence: {
    title: 'What the evidence says',
    hint: 'It holds whenever you look: looking often makes no false alarm more likely.',
    levels: { good: 'Good', bad: 'Bad', open: 'Open' } satisfies Record<Verdict['level'], string>,
    none: 'There is nothing to say yet.',
    attempt: (attempt: number) => `Attempt ${attempt}: evidence begins anew after a rollback.`,
  },
  guardrails: {
    title: 'Guardrails',
    names: GUARDRAILS,
    states: { quiet: 'Quiet', watch: 'Watch', breached: 'Breached' },
    evidence: (eValue: number, threshold: number) =>
      `${eValue > 1 ? 'Evidence' : 'No evidence:'} ${oddsText(eValue)} to 1; it speaks at ${oddsText(threshold)} to 1`,
    peak: (peak: number) => `highest so far ${oddsText(peak)}`,
    counted: {
      failure: (chunked: number, total: number, expected: number) =>
        `${countText(chunked)} of ${countText(total)} users with a failure were chunked; ${expectedText(expected)} expected.`,
      slow: (chunked: number, total: number, expected: number) =>
        `${countText(chunked)} of ${countText(total)} users with a slow entry were chunked; ${expectedText(expected)} expected.`,
      sampleRatio: (chunked: number, total: number, expected: number) =>
        `${countText(chunked)} of ${countText(total)} users were chunked; ${expectedText(expected)} expected.`,
    } satisfies Record<GuardrailName, (chunked: number, total: number, expected: number) => string>,
    nobodyCounted: 'No user counts here yet.',
    breachedAt: 'Breached',
    explained: 'How to read this',
    explanation:
      'Each bar is a bet against “chunked does no harm”: what one unit staked would be worth by now. At the line it is too much to be chance. The mark is the highest it has been.',
  },

  comparison: {
    title: 'What each arm gets',
    choose: 'Show',
    total: 'This attempt, all stages',
    stage: (percent: number, isDrift: boolean) =>
      `Stage ${percentText(percent)}${isDrift ? ', moved in Unleash' : ''}`,
    ongoing: 'now',
    attempt: (attempt: number) => `Attempt ${attempt}`,
    asOf: 'Newest event counted',
    arms: { chunked: 'Chunked', single: 'Single' },
    ratio: 'Chunked ÷ single',
    ratioHint:
      'A ratio under 1 is less than the old upload; in brackets the range it is in, whenever you look.',
    tooLittle: 'too little yet',
    measure: 'Measure',
    groups: { people: 'People and sessions', outcomes: 'Outcomes', rates: 'Rates, of those that ended' },
    rows: {
      users: 'Users',
      sessions: 'Sessions',
      open: 'Still open',
      completed: 'Completed',
      failed: 'Failed',
      expired: 'Expired',
      slow: (slowMs: number) => `Slow (over ${spanText(slowMs)})`,
      fellBack: 'Fell back to single',
      completionRate: 'Completed',
      failureRate: 'Failed or expired',
      slowRate: 'Slow',
    },
    times: TIMES,
    quantiles: { p50: 'Half (p50)', p90: '9 in 10 (p90)', p95: '19 in 20 (p95)' },
  },
  charts: {
    loading: 'Drawing …',
    asTable: 'The figures as a table',
    evidence: {
      title: 'Evidence over time',
      text: 'Each line is one guardrail’s evidence, on a scale of tens. Where it meets its dashed line, it has spoken.',
      empty: 'The lines begin with the first user that counts.',
      threshold: (name: GuardrailName, threshold: number) => `${GUARDRAILS[name]} ${oddsText(threshold)}`,
      time: 'Time',
      now: (name: GuardrailName, eValue: number) => `${GUARDRAILS[name]}: ${oddsText(eValue)} to 1`,
    },
    failures: { title: 'Failed or expired, by stage', empty: 'Nothing has ended yet.', stage: 'Stage' },
    times: {
      title: 'Times by arm',
      text: 'Half of the sessions are done within the full bar, nine in ten within the pale one.',
      empty: 'No session is completed yet.',
      half: 'p50',
      most: 'p90',
    },
  },
  times: TIMES,

  apart: {
    title: 'Not in the experiment',
    internal: 'Internal accounts',
    internalText: (users: number, sessions: number, completed: number, failed: number) =>
      `${plural(users, 'user')}, ${plural(sessions, 'session')}: ${countText(completed)} completed, ${countText(failed)} failed.`,
    internalHint: 'They always have chunked upload and are compared with nobody.',
    excluded: 'Left out',
    excludedText: (sessions: number) => `${plural(sessions, 'session')}.`,
    excludedHint: 'The flag was off, or nothing was known of it, when they began.',
  },
  history: {
    title: 'History',
    none: 'Nothing has happened yet.',
    movers: MOVERS,
    more: (count: number) => `Show ${count} more`,
    limit: 'Older ones are in the event log.',
  },

  empty: {
    title: 'No recording in the experiment yet',
    text: 'As soon as somebody records, both arms are compared here. On a development machine, make some traffic:',
    command: 'npm run simulate -- --users 2000 --percent 5',
    copy: 'Copy',
    copied: 'Copied',
  },
  loading: 'Fetching the rollout …',
  failed: {
    title: 'The server cannot be reached',
    text: 'It is tried again by itself.',
    again: 'Try again',
  },
  refused: {
    forbidden: 'This page is not for your role',
    forbiddenText:
      'Viewers, SREs and release managers see the rollout. Ask whoever gives out access, or look with another role.',
    unknown: (flag: string) => `There is no rollout of a flag “${flag}”`,
    unknownText:
      'Flags and their plans are in flags/; a rollout begins when the server first starts with them.',
    chunkedUpload: 'Open chunked-upload',
    other: 'The rollout cannot be shown',
  },
  signIn: {
    title: 'Sign in',
    text: 'This server gives no tokens by itself. Paste an access token (a JWT): viewers, SREs and release managers see the rollout, SREs the sessions, dead letters, consumers and the provider too. It is kept for this tab only.',
    rejected: 'The server did not accept the token: it may have expired. Paste a new one.',
    label: 'Access token',
    required: 'Paste a token first.',
    button: 'Sign in',
  },
  broken: {
    title: 'The page stopped working',
    text: 'The rollout is not touched by it. Reload the page to go on.',
    reload: 'Reload',
  },
} as const;

function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `operator:dana` is dana. */
export function actorName(actor: string): string {
  return actor.replace(/^(operator|system):/, '');
}
