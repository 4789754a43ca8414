import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { parseFilter } from '../lean/filter';
import { basePath, errorBody, mediaType, ScimError } from '../scim';
import { largestPage } from './listing';
import { contexts, declareUsers, type Context } from './resources';
import { oneAfterTheOther } from './turns';

type IsKnown = (request: Request) => boolean;

/** The standard's own server: scimmy and scimmy-routers on express, with a storage of ours. */
export function scimmyServer({ token, ...context }: Context & { token: () => string }): RequestListener {
  const isKnown: IsKnown = (request) => request.header('authorization') === `Bearer ${token()}`;
  declareUsers(context.customFields);
  SCIMMY.Config.set('authenticationSchemes', []); // every router adds its own to those of the process
  const routers = new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => {
      if (!isKnown(request)) throw new Error('The token is missing or not valid');
      return '';
    },
    baseUri: () => new URL(context.baseUrl).origin,
  });
  SCIMMY.Config.set({ filter: { supported: true, maxResults: largestPage }, bulk: { supported: true, maxOperations: 100 } });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Read here, so that nothing but scimmy itself lies between the request's context and its handlers.
  app.use(basePath, express.json({ type: ['application/scim+json', 'application/json'], limit: '1mb' }));
  app.use(basePath, keepQuery, checkFilter(isKnown), oneAfterTheOther, (request, response, next) =>
    contexts.run(context, () => routers(request, response, next)),
  );
  app.use(
    (request, response) =>
      void response
        .status(404)
        .type(mediaType)
        .send(errorBody(404, `Nothing is at ${request.path}`)),
  );
  app.use(failed);
  return app as RequestListener;
}

/** Express 5 reads the query anew whenever it is looked at, and scimmy-routers writes numbers into it (`count`, `startIndex`), which would be lost. */
const keepQuery: RequestHandler = (request, _response, next) => {
  Object.defineProperty(request, 'query', { value: request.query, writable: true });
  next();
};

/** scimmy takes half a filter for a fault of its own (500), and some nonsense for a filter. Whoever isn't known is refused by its routers first. */
const checkFilter =
  (isKnown: IsKnown): RequestHandler =>
  (request, response, next) => {
    const { filter } = (request.method === 'POST' ? request.body : request.query) as { filter?: unknown };
    try {
      if (typeof filter === 'string' && isKnown(request)) parseFilter(filter);
      next();
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      response
        .status(error.status)
        .type(mediaType)
        .send(errorBody(error.status, error.message, error.scimType));
    }
  };

/** What came before scimmy (a body that is no JSON), and after it (it passes its own 500 on). */
const failed: ErrorRequestHandler = (error: { status?: number; message?: string }, _request, response, next) => {
  if (response.headersSent) return void (response.writableEnded || next(error));
  const status = error.status ?? 500;
  const scimType = status === 400 ? 'invalidSyntax' : undefined;
  response
    .status(status)
    .type(mediaType)
    .send(errorBody(status, error.message ?? 'Internal Server Error', scimType));
};
