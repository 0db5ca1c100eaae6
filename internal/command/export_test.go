package command

// SpliceBindings is what bind -w does to a file.
var SpliceBindings = spliceBindings
