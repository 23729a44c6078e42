import type { Story } from './Story';

const TARGET = { service: 'shop-gateway', environment: 'production' };

/** A campaign brings many more customers than usual. */
export const trafficSpike: Story = {
  name: 'traffic-spike',
  title: 'Traffic spike',
  summary:
    'A campaign sends six times as many requests to shop-gateway, which answers slower and fails more often.',
  look: 'The request rate, the latency and the autoscaler of shop-gateway in production.',
  async start({ prometheus }) {
    prometheus.traffic.set(TARGET, {
      rateFactor: 6,
      latencyFactor: 2.2,
      errorRatio: 0.02,
    });
  },
  async undo({ prometheus }) {
    prometheus.traffic.reset(TARGET);
  },
};
