import type { RequestHandler } from 'express';

const last = new Map<string, Promise<void>>();

/** Changes of one user take turns: scimmy reads, patches and writes with waits in between, and a change made meanwhile would be lost. */
export const oneAfterTheOther: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'POST') return next();
  const key = `${request.socket.localPort} ${request.path}`;
  const before = last.get(key) ?? Promise.resolve();
  const done = new Promise<void>((resolve) => response.once('close', resolve));
  const turn = before.then(() => done);
  last.set(key, turn);
  void turn.then(() => last.get(key) === turn && last.delete(key));
  void before.then(() => next());
};
