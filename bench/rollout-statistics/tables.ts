/** The tables, in the order in which they are shown; each can be computed alone. */
import type { BenchTable } from '../table.ts';
import { cost } from './cost.ts';
import { detection } from './detection.ts';
import { falseAlarms } from './false-alarms.ts';
import { sampleRatioDetection, sampleRatioFalseAlarms } from './sample-ratio.ts';
import { coverage, fewestUsers } from './time-coverage.ts';
import { gains, widths } from './time-widths.ts';

export const TABLES: readonly (() => readonly BenchTable[])[] = [
  detection,
  () => [falseAlarms()],
  () => [sampleRatioFalseAlarms()],
  () => [sampleRatioDetection()],
  () => [coverage()],
  () => [fewestUsers()],
  () => [widths()],
  () => [gains()],
  () => [cost()],
];
