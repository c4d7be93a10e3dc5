/** Stands in the bundle for emoji-regex (12 kB of alternatives): Unicode's own properties for the same characters. */
module.exports = () => /\p{Emoji_Presentation}|\p{Emoji}\uFE0F/gu;
