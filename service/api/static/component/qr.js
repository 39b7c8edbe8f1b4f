// A QR code (ISO/IEC 18004): bytes, correction level M, versions 1 to 20. Loaded only when somebody asks for one.
//
// The mask is always the first one, which every reader takes; choosing among eight only pleases the eye of old scanners.

const PARITY = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]; // per block
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const LEVEL_M_MASK_0 = 0x5412; // the format's fifteen bits

/** @param {number} version how many codewords fit, data and parity together */
function codewords(version) {
  const patterns = Math.floor(version / 7) + 2;
  const aligned = version > 1 ? (25 * patterns - 10) * patterns - 55 : 0;
  return Math.floor(((16 * version + 128) * version + 64 - aligned - (version > 6 ? 36 : 0)) / 8);
}

/** @param {number} version */
const room = (version) => codewords(version) - PARITY[version - 1] * BLOCKS[version - 1];

/**
 * The data with its length before it, filled up to the version's room.
 * @param {Uint8Array} bytes @param {number} version
 */
function filled(bytes, version) {
  const length = version < 10 ? [bytes.length] : [bytes.length >> 8, bytes.length & 255];
  const whole = [...length, ...bytes, 0];
  const shifted = whole.map((byte, at) => (at ? ((whole[at - 1] << 4) | (byte >> 4)) & 255 : 0x40 | (byte >> 4)));
  for (let pad = 0xec; shifted.length < room(version); pad ^= 0xfd) shifted.push(pad);
  return shifted.slice(0, room(version));
}

/**
 * Multiplies in the field of 256 elements.
 * @param {number} a @param {number} b
 */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
  return product;
}

/**
 * The Reed-Solomon remainder.
 * @param {number[]} block @param {number} degree
 */
function parity(block, degree) {
  const divisor = [...new Array(degree - 1).fill(0), 1];
  for (let turn = 0, root = 1; turn < degree; turn += 1, root = times(root, 2)) {
    for (let at = 0; at < degree; at += 1) divisor[at] = times(divisor[at], root) ^ (divisor[at + 1] ?? 0);
  }
  const rest = new Array(degree).fill(0);
  for (const byte of block) {
    const factor = byte ^ /** @type {number} */ (rest.shift());
    rest.push(0);
    divisor.forEach((each, at) => (rest[at] ^= times(each, factor)));
  }
  return rest;
}

/**
 * All codewords in the order in which they are drawn.
 * @param {number[]} data @param {number} version
 */
function interleaved(data, version) {
  const [count, degree] = [BLOCKS[version - 1], PARITY[version - 1]];
  const short = Math.floor(data.length / count);
  const long = data.length % count;
  const blocks = Array.from({ length: count }, (_, index) => {
    const start = index * short + Math.max(0, index - (count - long));
    return data.slice(start, start + short + (index < count - long ? 0 : 1));
  });
  const turn = (/** @type {number[][]} */ rows) =>
    rows[rows.length - 1].flatMap((_, at) => rows.filter((row) => at < row.length).map((row) => row[at]));
  return [...turn(blocks), ...turn(blocks.map((block) => parity(block, degree)))];
}

/**
 * Where alignment patterns are centred.
 * @param {number} version
 */
function centres(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => version * 4 + 10 - step * (count - 2 - at))];
}

/**
 * The text as rows of dark (true) and light (false) squares.
 * @param {string} text
 * @returns {boolean[][] | null} null where it is too long
 */
function squares(text) {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, at) => bytes.length + (at < 9 ? 2 : 3) <= room(at + 1)) + 1;
  if (!version) return null;
  const size = version * 4 + 17;
  /** @type {boolean[][]} */
  const drawn = Array.from({ length: size }, () => []);
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {unknown} */ dark) => {
    if (x in drawn && y in drawn) drawn[y][x] = Boolean(dark);
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  /** @type {(x: number, y: number, radius: number, light: number[]) => void} */
  const rings = (x, y, radius, light) => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  };
  rings(3, 3, 4, [2, 4]);
  rings(size - 4, 3, 4, [2, 4]);
  rings(3, size - 4, 4, [2, 4]);
  const lines = centres(version);
  for (const x of lines) for (const y of lines) if (!inCorner(x, y, size)) rings(x, y, 2, [1]);
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = (LEVEL_M_MASK_0 >> bit) & 1;
    if (bit < 8) set(size - 1 - bit, 8, dark);
    else set(8, size - 15 + bit, dark);
    if (bit < 8) set(8, bit < 6 ? bit : bit + 1, dark);
    else set(bit < 9 ? 7 : 14 - bit, 8, dark);
  }
  set(8, size - 8, true);
  if (version > 6) {
    let rest = version;
    for (let turn = 0; turn < 12; turn += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    for (let bit = 0; bit < 18; bit += 1) {
      const [far, near] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
      set(far, near, (((version << 12) | rest) >> bit) & 1);
      set(near, far, (((version << 12) | rest) >> bit) & 1);
    }
  }
  return written(drawn, interleaved(filled(bytes, version), version));
}

/**
 * Whether one of the three large squares is there.
 * @param {number} x @param {number} y @param {number} size
 */
const inCorner = (x, y, size) => (x === 6 && (y === 6 || y === size - 7)) || (x === size - 7 && y === 6);

/**
 * Fills what is free, in columns of two, up and down from the right.
 * @param {boolean[][]} drawn @param {number[]} words
 */
function written(drawn, words) {
  const size = drawn.length;
  let at = 0;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (let step = 0; step < size; step += 1) {
      const up = ((right + 1) & 2) === 0;
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (x in drawn[y]) continue;
        const bit = ((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
        drawn[y][x] = Boolean(bit) !== ((x + y) % 2 === 0);
        at += 1;
      }
    }
  }
  return drawn;
}

export { squares };
