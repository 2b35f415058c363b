/** Whether a node may run beside those that run. Pure: it is given what is known of each, and sees no value. */
import { CHANGES, SETTING_NAMES, type SettingName } from './settings.ts';

export type NodeSettings = {
  /** Host and port. */
  readonly name: string;
  /** Its CONFIG_CHANGE. */
  readonly changing: readonly string[];
  /** Fingerprints by the setting's name; those alone that concern what the node does. */
  readonly settings: Readonly<Record<string, string>>;
};

/** A setting, and the names of the nodes that have another value of it. */
export type Difference = { readonly setting: SettingName; readonly nodes: readonly string[] };

export type Judgement = {
  /** The node must not start. */
  readonly refused: readonly Difference[];
  /** It would have been refused, but one of the two says that it is meant. */
  readonly announced: readonly Difference[];
  readonly told: readonly Difference[];
};

/** A setting that only one of two nodes knows or needs is none in which they differ. */
export function judge(me: NodeSettings, others: readonly NodeSettings[]): Judgement {
  const differing = (setting: SettingName) => others.filter((other) => differs(setting, me, other));
  const differences = (wanted: (setting: SettingName, other: NodeSettings) => boolean): Difference[] =>
    SETTING_NAMES.map((setting) => ({
      setting,
      nodes: differing(setting)
        .filter((other) => wanted(setting, other))
        .map(({ name }) => name),
    })).filter(({ nodes }) => nodes.length > 0);
  const isMeant = (setting: SettingName, other: NodeSettings) =>
    CHANGES[setting] === 'announced' && (me.changing.includes(setting) || other.changing.includes(setting));
  const isFree = (setting: SettingName) => CHANGES[setting] === 'freely';
  return {
    refused: differences((setting, other) => !isFree(setting) && !isMeant(setting, other)),
    announced: differences(isMeant),
    told: differences(isFree),
  };
}

function differs(setting: SettingName, { settings: one }: NodeSettings, { settings: other }: NodeSettings) {
  return setting in one && setting in other && one[setting] !== other[setting];
}

/** A setting, and the nodes by the value that they have of it: those that have one stand together. */
export type Disagreement = { readonly setting: SettingName; readonly groups: readonly (readonly string[])[] };

/** In which settings not all of these have the same. */
export function disagreements(nodes: readonly NodeSettings[]): Disagreement[] {
  return SETTING_NAMES.map((setting) => {
    const having = nodes.filter(({ settings }) => setting in settings);
    const groups = Map.groupBy(having, ({ settings }) => settings[setting]);
    return { setting, groups: [...groups.values()].map((group) => group.map(({ name }) => name)) };
  }).filter(({ groups }) => groups.length > 1);
}
