/** `netns ca FOLDER [NAME...]`: the certificate authority that a network of the same seed has, for programs outside of it. */
import { Network } from "../network/network.ts";

/**
 * Writes `ca.pem` (what clients have to trust), `ca-key.pem`, and for each name `NAME.pem` and `NAME-key.pem`, of ECDSA, which
 * browsers know. Gives the exit code.
 */
export async function writeAuthority(
  folder: string,
  names: readonly string[],
  options: { readonly seed?: number | string },
): Promise<number> {
  using network = new Network({ seed: options.seed ?? 0 });
  const authority = network.ca();
  const write = async (name: string, text: string, secret: boolean) => {
    await Deno.writeTextFile(`${folder}/${name}`, text, secret ? { mode: 0o600 } : {});
    console.log(`${folder}/${name}`);
  };
  try {
    await Deno.mkdir(folder, { recursive: true });
    await write("ca.pem", authority.cert + authority.ecdsa.cert, false);
    await write("ca-key.pem", authority.ecdsa.key, true);
    for (const name of names) {
      const { cert, key } = authority.issue([name], { algorithm: "ecdsa" });
      await write(`${name}.pem`, cert, false);
      await write(`${name}-key.pem`, key, true);
    }
    return 0;
  } catch (error) {
    console.error(`netns: ${folder}: ${(error as Error).message}`);
    return 1;
  }
}
