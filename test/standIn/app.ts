import express, { type Express, type RequestHandler, Router } from 'express';
import type { ApiVersion } from './apiVersion';
import { strikeWith } from './faults';
import type { Instance } from './instance';
import { PAGES } from './pages';
import { answerRefusal } from './refusal';
import { recordInto } from './requestLog';
import { login } from './routes/login';
import { loginUser } from './routes/loginUser';
import { logout, logoutOfBoth } from './routes/logout';
import { clientApps } from './routes/oauth/clientApps';
import { metadata } from './routes/oauth/metadata';
import { authorize, decide, enter } from './routes/oauth/pages';
import { token, tokenRefusal } from './routes/oauth/token';
import { session, updateSession } from './routes/session';
import { me, user, usersSearch } from './routes/users';
import { publicVersions, versions } from './routes/versions';

/** All endpoints of the instance, in the order in which a request reaches them. */
export function lookerApp(instance: Instance): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(recordInto(instance.requests, instance.tokens), dateBy(instance.now));
  app.use(express.urlencoded({ extended: false }), express.json());
  // A slow response is dated when it is sent, so the date is set once more.
  app.use(strikeWith(instance.faults), dateBy(instance.now));
  for (const version of instance.apiVersions) {
    app.use(
      `/api/${version}`,
      onUse(() => api(instance, version)),
    );
  }
  app.get('/versions', publicVersions(instance, instance.apiVersions.at(-1) ?? '4.0'));
  // Not available in a release without OAuth.
  const oauth = onUse(() => oauthRoutes(instance));
  app.use((request, response, next) => {
    if (instance.oauth.behavior.isThere) oauth(request, response, next);
    else next();
  });
  app.delete('/api/logout', logoutOfBoth(instance, '4.0'));
  app.get('/', (_request, response) => {
    response.type('html').send(PAGES.login);
  });
  app.use((_request, response) => {
    response.status(404).type('html').send(PAGES.notFound);
  });
  app.use(answerRefusal);
  return app;
}

function api(instance: Instance, version: ApiVersion): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.post('/login', login(instance, version));
  router.post('/login/:user_id', loginUser(instance, version));
  router.delete('/logout', logout(instance, version));
  router.get('/user', me(instance, version));
  router.get('/users/search', usersSearch(instance, version));
  router.get('/users/:user_id', user(instance, version));
  router.get('/session', session(instance, version));
  router.patch('/session', updateSession(instance, version));
  router.get('/versions', versions(instance, version));
  return router;
}

function oauthRoutes(instance: Instance): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/.well-known/oauth-authorization-server', metadata(instance));
  router.get('/auth', authorize(instance));
  router.post('/auth/login', enter(instance));
  router.post('/auth/decision', decide(instance));
  router.post('/api/token', token(instance));
  router.use('/api/4.0/oauth_client_apps', clientApps(instance));
  router.use(tokenRefusal(instance));
  return router;
}

/** Tests start thousands of instances, and few of them get requests for all of this. */
function onUse(create: () => Router): RequestHandler {
  let router: Router | undefined;
  return (request, response, next) => {
    router ??= create();
    router(request, response, next);
  };
}

function dateBy(now: () => number): RequestHandler {
  return (_request, response, next) => {
    response.set('Date', new Date(now()).toUTCString());
    next();
  };
}
