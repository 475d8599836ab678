/**
 * Tables that turn a uniform number into one of another distribution with mean 0: entry i is the quantile at about i / 4096, in
 * units of 1/8192 of the jitter, as `tc` reads them from its `.dist` files. Computed when first used.
 *
 * @module
 */

export const DISTRIBUTION_SCALE = 8192;
const SIZE = 4096;

export type DistributionName = "uniform" | "normal" | "pareto" | "paretonormal";

const tables = new Map<DistributionName, Int16Array>();

/** The table; null for `uniform`, which needs none. */
export function distributionTable(name: DistributionName): Int16Array | null {
  if (name === "uniform") return null;
  let table = tables.get(name);
  if (table === undefined) {
    const quantile = name === "normal" ? normal : name === "pareto" ? pareto : paretoNormal;
    table = Int16Array.from({ length: SIZE }, (_, i) => {
      const value = Math.round(quantile((i + 0.5) / SIZE) * DISTRIBUTION_SCALE);
      return Math.max(-32768, Math.min(32767, value));
    });
    tables.set(name, table);
  }
  return table;
}

/** Pareto with shape 3, shifted to mean 0 and widened by 4/3, as iproute2's. */
function pareto(p: number): number {
  return (4 / 3) * ((1 - p) ** (-1 / 3) - 1.5);
}

/** A quarter of normal and three quarters of Pareto, as iproute2's. */
function paretoNormal(p: number): number {
  return 0.25 * normal(p) + 0.75 * pareto(p);
}

/** The standard normal quantile: Acklam's rational approximation (relative error below 1.2e-9). */
function normal(p: number): number {
  if (p > 0.5) return -normal(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
          4.374664141464968) * q + 2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
  }
  const q = p - 0.5;
  const r = q * q;
  return (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r -
        30.66479806614716) * r + 2.506628277459239) *
    q /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
          13.28068155288572) * r + 1);
}
