# syntax=docker/dockerfile:1
# glibc, never Alpine: Temporal's core is a native library built against it.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: the native parts come ready-made in their packages, and `postprepare` would build what isn't copied yet.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY workflows ./workflows
COPY activities ./activities
COPY workers ./workers
COPY client ./client
COPY domain ./domain
COPY adapters ./adapters
COPY sandbox ./sandbox
COPY test ./test
# The sandbox and the tests are compiled along and left behind: they are no part of the service.
RUN npm run build && rm -rf dist/sandbox dist/test && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
# The worker drains and hands over within seconds of a SIGTERM.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node"]
CMD ["dist/workers/main.js"]
