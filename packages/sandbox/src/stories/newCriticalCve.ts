import type { Story } from './Story';

const ID = 'CVE-2026-31415';

/** A vulnerability becomes known overnight. */
export const newCriticalCve: Story = {
  name: 'new-critical-cve',
  title: 'New critical CVE',
  summary:
    'A critical vulnerability of a library that the images of the ordering system have becomes known.',
  look: 'The vulnerability reports of order-service, payment-service and pricing-service.',
  async start({ policy }) {
    policy.addVulnerability({
      id: ID,
      image: '/ordering/',
      package: 'org.yaml:snakeyaml',
      installed: '2.2',
      fixed: '2.6',
      severity: 'CRITICAL',
      score: 9.8,
      title: 'snakeyaml: code execution by a crafted document',
      published: new Date().toISOString(),
    });
  },
  async undo({ policy }) {
    policy.removeVulnerability(ID);
  },
};
