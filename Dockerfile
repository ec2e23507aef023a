# The program without its sources: compiled in the first stage, run by an ordinary user in the second.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without scripts: the set-up step would fetch a Redis server, which has a container of its own.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY queues queues
COPY workers workers
COPY web web
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20-slim
# Which commit this image was built from; model cards name it.
ARG CLV_CODE_COMMIT=unknown
ENV NODE_ENV=production \
    CLV_CODE_COMMIT=${CLV_CODE_COMMIT} \
    CLV_HOME=/shop \
    CLV_HOST=0.0.0.0 \
    CLV_PORT=8080
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# A named volume takes over the owner and mode of the folder it covers; the user may be chosen at run time.
RUN mkdir -p /shop/config /shop/models /shop/outputs /shop/data /shop/.clv \
    && chown -R node:node /shop && chmod 1777 /shop/.clv
USER node
EXPOSE 8080
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["serve"]
