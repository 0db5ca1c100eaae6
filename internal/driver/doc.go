// Package driver computes what the analyzers say of a program, fast: it loads the packages, runs ordinary analyzers over them in
// dependency order, and keeps what it computed.
//
// The packages of the user's own modules are parsed and type-checked from source, in one process. Asking the go command for export data
// of packages that are being edited would make it compile all that import them; it is asked for that of packages from outside only, and
// its answer is kept. Packages from outside that can reach an effect are summarised from source, once a version.
//
// The result of a package, its facts and findings, is kept by a digest of its files, of settings, toolchain and tool, and of what
// importers can know of the packages that it imports: their types, without bodies, and their facts, without positions. An edit that
// changes neither stops there.
//
// What no package can know by itself, a [Linker] computes between facts and checks. A package's result says what it asked of it, and the
// package is looked at again when the answer is another one.
//
// # Limitations
//
//   - Facts must be portable: names and numbers, no maps. A field named Pos says where something is, and nothing may be decided by it.
//   - An analyzer that reads files other than those of the package must have them covered by [Options.Settings].
//   - Where cgo can't be run, what "C" has is unknown.
package driver
