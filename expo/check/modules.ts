/**
 * A test of types, run by `npm run check`: the modules of the real SDK fit the structures that the client's adapters ask
 * for. Where an update of Expo changes what we use, this file no longer compiles.
 */
import type {
  AppStateModule,
  AudioModules,
  FileSystemModules,
  KeepAwakeModules,
  NetworkModules,
} from '@thankly/voice-client/expo';
import * as audio from 'expo-audio';
import * as fileSystem from 'expo-file-system';
import * as keepAwake from 'expo-keep-awake';
import { uuid } from 'expo-modules-core';
import * as network from 'expo-network';
import { AppState } from 'react-native';

audio satisfies AudioModules;
fileSystem satisfies FileSystemModules;
network satisfies NetworkModules;
keepAwake satisfies KeepAwakeModules;
AppState satisfies AppStateModule;
uuid.v4 satisfies () => string;

// And it would show: what the SDK does not have is refused.
// @ts-expect-error expo-network records nothing
network satisfies AudioModules;
// @ts-expect-error expo-audio stores no files
audio satisfies FileSystemModules;
