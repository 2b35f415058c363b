import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import { limitConnections } from './connection-limit.ts';

it('an address has so many connections, until one of them ends; this machine has any number', () => {
  const server = new EventEmitter();
  limitConnections(server as unknown as Parameters<typeof limitConnections>[0], 2);
  const connect = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, isOpen: true });
    const destroy = () => {
      socket.isOpen = false;
      socket.emit('close');
    };
    server.emit('connection', Object.assign(socket, { destroy }));
    return Object.assign(socket, { destroy });
  };
  const [first, second, third] = ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.7'].map(connect);
  expect([first?.isOpen, second?.isOpen, third?.isOpen]).toEqual([true, true, false]);
  expect(connect('203.0.113.8').isOpen).toBe(true);
  expect(Array.from({ length: 5 }, () => connect('127.0.0.1').isOpen)).toEqual(Array(5).fill(true));
  first?.destroy();
  expect(connect('203.0.113.7').isOpen).toBe(true);
  expect(connect('203.0.113.7').isOpen).toBe(false);
});
