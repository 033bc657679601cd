// @ts-check
/**
 * The shaders of a cloud (`gl/cloud.mjs`). Where a point is comes from an attribute, or is projected from two slices; what is
 * drawn of it is a dot, or adds to the sums of density shading.
 */

import { SIDE } from "./slice_textures.mjs";

/** Most coordinates that a point may have, to be projected here: two columns of a frame, two rows a uniform. */
export const MOST_P = 256;

/** Places of the attributes, the same in all programs. */
export const COLOR = 0;
export const PLACE = 1;

/** Where a point is, in data units, by where that is known from. */
const PLACED = {
  places: `layout(location = ${PLACE}) in vec2 place;
vec2 placed() { return place; }`,
  slices: `uniform highp usampler2D before, after; // four stored values a texel, point by point
uniform vec4 frame[${MOST_P / 2}];  // two rows of the (p, 2) frame each
uniform int p;
uniform vec2 weights;               // of a stored value before, and after
uniform vec2 shift;                 // what the offsets of all values come to
vec2 placed() {
  vec2 sum = shift;
  int at = gl_VertexID * p;
  for (int j = 0; j < p; j++, at++) {
    ivec2 texel = ivec2((at >> 2) & ${SIDE - 1}, (at >> 2) / ${SIDE});
    float value = weights.x * float(texelFetch(before, texel, 0)[at & 3]);
    if (weights.y != 0.) value += weights.y * float(texelFetch(after, texel, 0)[at & 3]);
    sum += value * ((j & 1) == 0 ? frame[j >> 1].xy : frame[j >> 1].zw);
  }
  return sum;
}`,
};

const VERTEX = (/** @type {keyof typeof PLACED} */ source) => `#version 300 es
precision highp float;
precision highp int;
${PLACED[source]}
layout(location = ${COLOR}) in vec4 color;
uniform vec4 toClip;    // scale x, scale y, shift x, shift y
uniform float size;     // device px
out vec4 tint;
void main() {
  gl_Position = vec4(placed() * toClip.xy + toClip.zw, 0., 1.);
  gl_PointSize = size + 1.;
  tint = color;
}`;

const COVERED = "clamp(.5 * size + .5 - length(gl_PointCoord - .5) * (size + 1.), 0., 1.)";

const FRAGMENT = {
  dots: `#version 300 es
precision highp float;
uniform float size;
in vec4 tint;
out vec4 shown;
void main() {
  float alpha = tint.a * ${COVERED};
  if (alpha == 0.) discard;
  shown = vec4(tint.rgb * alpha, alpha);
}`,
  sums: `#version 300 es
precision highp float;
uniform float size;
in vec4 tint;
out vec4 sum;           // colours, and how many
void main() {
  float covered = ${COVERED};
  if (covered == 0.) discard;
  sum = covered * vec4(tint.rgb, 1.);
}`,
};

/** The sources of a program. @param {keyof typeof PLACED} source @param {keyof typeof FRAGMENT} drawn @returns {[string, string]} */
export const shadersOf = (source, drawn) => [VERTEX(source), FRAGMENT[drawn]];

export const SHOW = `#version 300 es
void main() {           // one triangle over everything
  gl_Position = vec4(float(gl_VertexID / 2) * 4. - 1., float(gl_VertexID % 2) * 4. - 1., 0., 1.);
}`;

export const SHOWN = `#version 300 es
precision highp float;
uniform sampler2D sums;
uniform vec2 tone;      // opacity of one, logarithm of how many are opaque
out vec4 shown;
void main() {
  vec4 sum = texelFetch(sums, ivec2(gl_FragCoord.xy), 0);
  if (sum.a == 0.) discard;
  float alpha = sum.a < 1. ? tone.x * sum.a : tone.x + (1. - tone.x) * min(1., log(sum.a) / tone.y);
  shown = vec4(sum.rgb / sum.a * alpha, alpha);
}`;
