// Package unconcerned knows nothing of scopes: nothing is said of what it does.
package unconcerned

func calls(f func()) { f() }

func discards(x interface{ Discard() }) { x.Discard() }
