/** Staff of a store: a signed, expiring grant of a role, usable offline. No personal data beyond a short name. */
import { type Static, Type } from 'typebox';
import { Id, Instant, StoreId } from './schema.ts';

export const roles = ['associate', 'manager', 'ops', 'admin', 'auditor'] as const;
export const RoleSchema = Type.Enum(roles);
export type Role = (typeof roles)[number];

/** Whether a role decides about a store's transfers at its kiosk and sees its board; the hub judges what it decides again. */
export const decidesInStore = (role: Role | undefined): boolean => role === 'manager' || role === 'admin';

export const StaffGrant = Type.Object({
  id: Id,
  store: StoreId,
  name: Type.String({ maxLength: 40 }),
  role: RoleSchema,
  /** `scrypt$N$r$p$<salt base64>$<hash base64>` */
  pinHash: Type.String({ maxLength: 300 }),
  validUntil: Instant,
  keyId: Type.String({ maxLength: 80 }),
  /** Ed25519 over the RFC 8785 form of the grant without `signature`, base64. */
  signature: Type.String({ maxLength: 200 }),
});
export type StaffGrant = Static<typeof StaffGrant>;
