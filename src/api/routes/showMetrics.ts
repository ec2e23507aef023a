import type { Api } from '../api.ts';
import { demandRedis } from '../demandRedis.ts';
import { EXPOSITION_TYPE, gauge, type Metric, renderMetrics } from '../metrics/exposition.ts';
import { fileMetrics } from '../metrics/fileMetrics.ts';
import { queueMetrics } from '../metrics/queueMetrics.ts';
import { route } from '../route.ts';

/** Everything that is worth an alarm, for Prometheus. Answers without Redis too: that it is away is one of the metrics. */
export const showMetrics = route({
  operationId: 'showMetrics',
  method: 'get',
  path: '/metrics',
  summary: 'Tells Prometheus how things stand.',
  params: {},
  answers: { 200: { description: 'The metrics, in the text format of Prometheus.', bytes: ['text/plain'] } },
  async handler(_request, api) {
    const [files, queues] = await Promise.all([fileMetrics(api.home, api.clock.now()), metricsOfRedis(api)]);
    const body = Buffer.from(renderMetrics([...queues, ...files]), 'utf8');
    return { status: 200, body, headers: { 'Content-Type': EXPOSITION_TYPE } };
  },
});

async function metricsOfRedis({ queues, clock, log }: Api): Promise<Metric[]> {
  const up = (value: number): Metric => gauge('clv_redis_up', '1 where Redis answers, else 0.', value);
  try {
    await demandRedis(queues);
    return [up(1), ...(await queueMetrics(queues, clock.now()))];
  } catch (error) {
    log.debug({ err: error }, 'metrics without Redis');
    return [up(0)];
  }
}
