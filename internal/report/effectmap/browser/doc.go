// Package browser tests the effect map in a real headless browser. It is a module of its own, since only this test needs one.
package browser
