import type { Config } from '@backstage/config';
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
 * that goes to the identity provider and reports back to its opener. Resources are for the portal's own
 * pages; with the frontend on another port, as in development, for its site.
 *
 * @internal
 */
export function securityHeaders(config: Config): RequestHandler {
  const permissionsPolicy = UNUSED_FEATURES.map(name => `${name}=()`).join(
    ', ',
  );
  const originOf = (key: string) => new URL(config.getString(key)).origin;
  const resourcePolicy =
    originOf('app.baseUrl') === originOf('backend.baseUrl')
      ? 'same-origin'
      : 'same-site';
  return (_req, res, next) => {
    res.setHeader('Permissions-Policy', permissionsPolicy);
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin-allow-popups');
    res.setHeader('Cross-Origin-Resource-Policy', resourcePolicy);
    res.setHeader('Origin-Agent-Cluster', '?1');
    next();
  };
}
