/** A number with so many digits as Go's `%.4g` writes it. */
export function formatGeneral(value: number, digits: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : `${value > 0 ? '+' : '-'}Inf`;
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= digits) {
    const sign = power < 0 ? '-' : '+';
    return `${Number(mantissa)}e${sign}${String(Math.abs(power)).padStart(
      2,
      '0',
    )}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/** `1234567` is `1.235M`, `0.0012` is `1.2m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) {
    return formatGeneral(value, 4);
  }
  let scaled = value;
  let prefix = '';
  if (Math.abs(value) >= 1) {
    for (const next of ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']) {
      if (Math.abs(scaled) < 1000) {
        break;
      }
      prefix = next;
      scaled /= 1000;
    }
  } else {
    for (const next of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
      if (Math.abs(scaled) >= 1) {
        break;
      }
      prefix = next;
      scaled *= 1000;
    }
  }
  return `${formatGeneral(scaled, 4)}${prefix}`;
}

/** `2048` is `2ki`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) {
    return formatGeneral(value, 4);
  }
  let scaled = value;
  let prefix = '';
  for (const next of ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']) {
    if (Math.abs(scaled) < 1024) {
      break;
    }
    prefix = next;
    scaled /= 1024;
  }
  return `${formatGeneral(scaled, 4)}${prefix}`;
}

/** `0.1234` is `12.34%`. */
export function humanizePercentage(value: number): string {
  return `${formatGeneral(value * 100, 4)}%`;
}

/** Seconds: `3661` is `1h 1m 1s`. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) {
    return formatGeneral(value, 4);
  }
  if (value === 0) {
    return '0s';
  }
  if (Math.abs(value) < 1) {
    let scaled = value;
    let prefix = '';
    for (const next of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
      if (Math.abs(scaled) >= 1) {
        break;
      }
      prefix = next;
      scaled *= 1000;
    }
    return `${formatGeneral(scaled, 4)}${prefix}s`;
  }
  const sign = value < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(value));
  const seconds = whole % 60;
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600) % 24;
  const days = Math.floor(whole / 86_400);
  if (days > 0) {
    return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  }
  if (hours > 0) {
    return `${sign}${hours}h ${minutes}m ${seconds}s`;
  }
  if (minutes > 0) {
    return `${sign}${minutes}m ${seconds}s`;
  }
  return `${formatGeneral(value, 4)}s`;
}

/** Seconds since 1970: `1435781451.781` is `2015-07-01 20:10:51.781 +0000 UTC`. */
export function humanizeTimestamp(value: number): string {
  if (!Number.isFinite(value)) {
    return formatGeneral(value, 4);
  }
  const [day, time] = new Date(value * 1000).toISOString().split('T');
  const trimmed = time.replace(/\.?0*Z$/, '').replace(/Z$/, '');
  return `${day} ${trimmed} +0000 UTC`;
}
