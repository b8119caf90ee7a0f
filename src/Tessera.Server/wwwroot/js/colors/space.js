// Colour spaces of the picker. Oklab is even to the eye in hue and lightness, so the wheel turns evenly.
// Source: Björn Ottosson, "A perceptual color space for image processing" (2020).

const gamma = new Uint8ClampedArray(4097);
for (let i = 0; i <= 4096; i++) {
  const x = i / 4096;
  gamma[i] = Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
}
const encode = x => gamma[x <= 0 ? 0 : x >= 1 ? 4096 : Math.round(x * 4096)];
const decode = byte => (byte <= 10.31475 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4);

/** Linear sRGB of an Oklab colour; may lie outside 0 to 1. */
function linear(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
}

export const rgbOf = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
const hexOf = rgb => `#${rgb.map(byte => byte.toString(16).padStart(2, '0')).join('')}`;

/** Oklab [L, a, b] of `#rrggbb`. */
export function labOf(hex) {
  const [r, g, b] = rgbOf(hex).map(decode);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

/** The greatest chroma that sRGB has at a lightness and a hue (radians). */
export function maxChroma(lightness, hue) {
  const cos = Math.cos(hue), sin = Math.sin(hue);
  let low = 0, high = 0.4;
  for (let i = 0; i < 14; i++) {
    const middle = (low + high) / 2;
    if (linear(lightness, middle * cos, middle * sin).every(x => x >= -1e-4 && x <= 1.0001)) low = middle;
    else high = middle;
  }
  return low;
}

/** sRGB bytes of an Oklab colour that lies in the gamut, or near it. */
export const bytesOf = (lightness, a, b) => linear(lightness, a, b).map(encode);

/** A place on the wheel: lightness 0 to 1, hue in degrees, saturation as a share of what the gamut has there. */
export function wheelOf(hex) {
  const [lightness, a, b] = labOf(hex), chroma = Math.hypot(a, b), hue = Math.atan2(b, a);
  const most = maxChroma(lightness, hue);
  return { lightness, hue: (hue * 180 / Math.PI + 360) % 360, saturation: chroma < 0.002 || most === 0 ? 0 : Math.min(1, chroma / most) };
}

export function hexOfWheel({ lightness, hue, saturation }) {
  const angle = hue * Math.PI / 180, chroma = saturation * maxChroma(lightness, angle);
  return hexOf(bytesOf(lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)));
}

/** `#rrggbb` of Oklch, brought into the gamut by less chroma. */
export function oklch(lightness, chroma, hue) {
  const angle = hue * Math.PI / 180, kept = Math.min(chroma, maxChroma(lightness, angle));
  return hexOf(bytesOf(lightness, kept * Math.cos(angle), kept * Math.sin(angle)));
}

/** Black or white, whichever reads better on a colour. */
export const inkOn = hex => (labOf(hex)[0] > 0.63 ? '#000000' : '#ffffff');
