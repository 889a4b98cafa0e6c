// Package chart draws figures and timelines as SVG, with gonum/plot. Pictures are legible on light and on
// dark pages (they follow the reader's preference, and have a background of their own where a viewer knows none), and
// do not depend on colour alone: lines differ in their marks, spans in height and place. Text is so large that it can be read on a
// phone. Each picture carries its content in words as well, in its title and description.
package chart
