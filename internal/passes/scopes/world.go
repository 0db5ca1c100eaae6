package scopes

import "slices"

// A life is a stage in the life of the scope that is followed.
type life uint8

const (
	unborn life = iota
	open
	closed
)

// flags are what has happened to the scope on the path so far.
type flags uint16

const (
	moved     flags = 1 << iota // somebody else has it, too: it may be closed out of sight
	dirty                       // something may have been enqueued
	read                        // its intents or report were looked at
	flushed                     // closed by Flush
	dropped                     // closed by a deferred Discard
	discarded                   // closed by a Discard in plain view
	visited                     // the element of a collection that it is in was looked at
	nested                      // it was opened below the outer scope
	over                        // the outer scope has been discarded
	doomed                      // the outer scope will be discarded some time
	failed                      // an error was found after something may have been enqueued: see judge
	asked                       // what may have enqueued was asked how it went
	doubted                     // something was enqueued if an implementation of an own interface's method does
)

// A world is what is true of one scope on one path: the abstract state of the analysis. Worlds are values; a set of them at each
// point of a function is the disjunction of the paths that lead there.
type world struct {
	life  life
	flags flags
	by    uint16 // what closed it: the number of a call in the frame
	slots string // one val for each slot of the frame
}

func (w world) has(f flags) bool { return w.flags&f != 0 }

func (w world) at(slot int) val { return val(w.slots[slot]) }

func (w world) set(slot int, v val) world {
	if val(w.slots[slot]) == v {
		return w
	}
	b := []byte(w.slots)
	b[slot] = byte(v)
	w.slots = string(b)
	return w
}

// change applies f to every slot.
func (w world) change(f func(slot int, v val) val) world {
	var b []byte
	for i := range len(w.slots) {
		old := val(w.slots[i])
		if v := f(i, old); v != old {
			if b == nil {
				b = []byte(w.slots)
			}
			b[i] = byte(v)
		}
	}
	if b != nil {
		w.slots = string(b)
	}
	return w
}

// A worldSet is a set of worlds, few as a rule, in the order in which they were added.
type worldSet struct {
	list  []world
	index map[world]bool // of many
}

// fewWorlds are compared one by one.
const fewWorlds = 8

// add adds w, and reports whether it is new.
func (s *worldSet) add(w world) bool {
	switch {
	case s.index != nil:
		if s.index[w] {
			return false
		}
		s.index[w] = true
	case slices.Contains(s.list, w):
		return false
	case len(s.list) == fewWorlds:
		s.index = map[world]bool{w: true}
		for _, old := range s.list {
			s.index[old] = true
		}
	}
	s.list = append(s.list, w)
	return true
}

// join is a world that has of each slot of both worlds what says more.
func (w world) join(v world) world {
	v.life, v.flags, v.by = max(v.life, w.life), v.flags|w.flags, w.by
	return v.change(func(slot int, x val) val { return max(x, w.at(slot)) })
}

// forget drops all that is known of which way branches go.
func (w world) forget() world {
	return w.change(func(_ int, v val) val {
		if v.scalar() {
			return unknown
		}
		return v
	})
}

// close ends the scope's life: nothing that is closed is closed again.
func (w world) close(how flags, by uint16) world {
	if w.life == open {
		w.life, w.by = closed, by
		w.flags |= how
	}
	return w
}
