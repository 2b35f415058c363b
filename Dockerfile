# syntax=docker/dockerfile:1
# Thankly Voice: docs/deploy.md, ADR 0032. One image for both roles (ROLE=api, worker, all) and for the commands that set a
# deployment up: docker run … IMAGE src/objects/s3/setup-cli.ts. The Node of package-lock.json, which the tests run on.
ARG NODE=24.21.0-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /build
COPY . .
# The same steps as in test/integration/image.test.ts. npm's downloads are kept from one build to the next.
RUN --mount=type=cache,target=/root/.npm node deploy/image-contents.mjs /app

FROM node:${NODE}
# What the base brings for building things is not run here, and is what scanners complain of.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* \
    && install -d -o node -g node /data
# Owned by root: what runs cannot change what it runs.
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
# By its number: Kubernetes looks whether it is not root.
USER 1000
EXPOSE 8080
# All that is written: the flags as they were heard last. Everything else may be read-only.
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s --retries=3 CMD ["node", "health-check.mjs"]
ENTRYPOINT ["node"]
CMD ["src/main.ts"]
