import { symmetricDecrypt } from "better-auth/crypto";
import type { Jwk, JwtOptions } from "better-auth/plugins";

type KeyStore = NonNullable<JwtOptions["adapter"]>;

/**
 * The keys of our JWTs are those that our secret can decrypt. With the others, left by a secret that was lost, nothing could
 * ever be signed: better-auth would fail on them for ever, where it now makes a new one.
 */
export function createKeyStore(secret: string): KeyStore {
  const readable = new Map<string, boolean>();
  return {
    async getJwks({ context }) {
      const keys = await context.adapter.findMany<Jwk>({ model: "jwks" });
      for (const { id, privateKey } of keys) {
        if (!readable.has(id)) readable.set(id, await canDecrypt(secret, privateKey));
      }
      return keys.filter(({ id }) => readable.get(id));
    },
  };
}

function canDecrypt(secret: string, privateKey: string): Promise<boolean> {
  return symmetricDecrypt({ key: secret, data: JSON.parse(privateKey) }).then(
    () => true,
    () => false,
  );
}
