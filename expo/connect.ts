import { createVoiceApi } from '@thankly/voice-client';
import { createExpoKeepAwake, createExpoManager } from '@thankly/voice-client/expo';
import * as audio from 'expo-audio';
import * as fileSystem from 'expo-file-system';
import * as expoKeepAwake from 'expo-keep-awake';
import { uuid } from 'expo-modules-core';
import * as network from 'expo-network';
import { AppState, Platform } from 'react-native';

export const keepAwake = createExpoKeepAwake(expoKeepAwake);

/**
 * @param token the person's; empty: one is asked of a development server
 * @throws TypeError when `baseUrl` is no URL; ApiError when there is no token to be had
 */
export async function connect(baseUrl: string, token: string) {
  const anonymous = createVoiceApi({ baseUrl, token: '' });
  const bearer = token === '' ? await anonymous.devToken('phone-demo') : token;
  const manager = createExpoManager({
    baseUrl,
    token: bearer,
    audio,
    fileSystem,
    network,
    appState: AppState,
    newId: uuid.v4,
    device: { platform: Platform.OS, osVersion: String(Platform.Version) },
  });
  await manager.open();
  return manager;
}
