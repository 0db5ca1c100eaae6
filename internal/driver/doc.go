// Package driver computes what the analyzers say of a program, fast: it loads the packages, runs ordinary analyzers over them in
// dependency order, and keeps what it computed.
package driver
