/**
 * The client comes from its sources, by its own export map (condition `@thankly/source`). What it imports is this
 * package's: the repository's root has a React Native of its own, for types, that must not get into the bundle.
 */
const { getDefaultConfig } = require('expo/metro-config');
const path = require('node:path');

const client = path.resolve(__dirname, '../client');
const config = getDefaultConfig(__dirname);

config.watchFolders = [client];
config.resolver.extraNodeModules = { '@thankly/voice-client': client };
config.resolver.unstable_conditionNames = ['@thankly/source', ...config.resolver.unstable_conditionNames];
config.resolver.resolveRequest = (context, name, platform) => {
  const isOurs = context.originModulePath.startsWith(client + path.sep);
  const from =
    isOurs && !name.startsWith('.')
      ? { ...context, originModulePath: path.join(__dirname, 'index.ts') }
      : context;
  return context.resolveRequest(from, name, platform);
};

module.exports = config;
