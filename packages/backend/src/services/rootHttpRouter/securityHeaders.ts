import type { RequestHandler } from 'express';

/** Browser features that the portal does not use, for itself and for frames. */
const UNUSED_FEATURES = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/**
 * The headers that Backstage's helmet set-up leaves out and does not let one
 * configure.
 *
 * @remarks
 *
 * `same-origin-allow-popups` rather than `same-origin`: sign-in opens a window
 * that goes to the identity provider and reports back to its opener.
 *
 * @internal
 */
export function securityHeaders(): RequestHandler {
  const permissionsPolicy = UNUSED_FEATURES.map(name => `${name}=()`).join(
    ', ',
  );
  return (_req, res, next) => {
    res.setHeader('Permissions-Policy', permissionsPolicy);
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin-allow-popups');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Origin-Agent-Cluster', '?1');
    next();
  };
}
