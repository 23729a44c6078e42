import type { LabelSet } from './LabelMatcher';

const PRIME = 1_099_511_628_211n;
const MASK = (1n << 64n) - 1n;

/**
 * The fingerprint of an alert: FNV-1a over its sorted labels, as Alertmanager has it.
 *
 * @internal
 */
export function fingerprintOf(labels: LabelSet): string {
  let hash = 14_695_981_039_346_656_037n;
  const add = (byte: number) => {
    hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  };
  for (const name of Object.keys(labels).sort()) {
    Buffer.from(name).forEach(add);
    add(255);
    Buffer.from(labels[name]).forEach(add);
    add(255);
  }
  return hash.toString(16).padStart(16, '0');
}
