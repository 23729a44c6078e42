/** A small organisation: a featured person, another one, and a team. */
export const ORGANISATION = `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: orders
spec:
  type: team
  profile:
    displayName: Orders
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata:
  name: zoe.adams
spec:
  profile:
    displayName: Zoë <Adams>
    email: zoe.adams@example.com
  memberOf: [group:default/orders]
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata:
  name: maya.okafor
  description: Developer in Orders
spec:
  profile:
    displayName: Maya Okafor
    email: maya.okafor@example.com
  memberOf:
    - orders
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata:
  name: tomas.herrera
  description: Platform engineer
spec:
  profile:
    displayName: Tomás Herrera
    email: tomas.herrera@example.com
  memberOf: []
`;
