// Package chart draws curves, timelines and figures over time as SVG, with gonum/plot. Pictures are
// legible on light and on dark pages: they follow the reader's preference, and have a light
// background in viewers that know of none. They do not depend on colour alone: lines differ in
// their marks or their width, spans in their height and place. Text is large enough to read on a
// phone, and fits in each of the usual fonts. Each picture has its content in words, too, in its
// title and description.
package chart
