import assert from 'node:assert/strict';
import { readAccepted } from '../../acceptedAdvisories.mjs';
import { audit } from '../../audit.mjs';
import { createSbom, findSbomMistakes } from '../../sbom.mjs';
import { checkFloors } from '../floors/checkFloors.mjs';

/** What the portal is made of, and whether something is known against it. */
export function checks({ repo, log }) {
  return {
    'no installed version is below its first safe one': () => {
      const { problems, checked, accepted } = checkFloors({ repo });
      assert.deepEqual(problems, []);
      assert.ok(checked >= 10, `only ${checked} packages were found`);
      return `${checked} versions, ${accepted} accepted`;
    },

    'accepted advisories are complete and still hold': () => {
      assert.deepEqual(readAccepted(repo).problems, []);
    },

    'no serious advisory that is not accepted': () => {
      const { problems, reported, unchecked } = audit({ repo });
      reported.forEach(line => log(`  ${line}`));
      assert.deepEqual(problems, []);
      return unchecked
        ? { skipped: `could not be checked: the registry answers ${unchecked}` }
        : `${reported.length} reported`;
    },

    'the bill of materials is complete': () => {
      const sbom = createSbom({ repo });
      assert.deepEqual(findSbomMistakes(sbom), []);
      const { components } = sbom;
      assert.ok(components.length >= 1000, `${components.length} components`);
      const licensed = components.filter(({ licenses }) => licenses?.length);
      assert.ok(licensed.length >= components.length * 0.95);
      for (const name of ['plugin-catalog-backend', 'react-dom', 'pg']) {
        assert.ok(
          components.some(component => component.name === name),
          `${name} is missing`,
        );
      }
      for (const name of ['oidc-provider', 'playwright-core']) {
        assert.ok(
          !components.some(component => component.name === name),
          `${name} is not shipped, but listed`,
        );
      }
      return `${components.length} components, ${licensed.length} with a licence`;
    },
  };
}
