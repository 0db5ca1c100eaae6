package airlock

import (
	"context"
	"fmt"
	"log/slog"
)

// A builtin policy doesn't look at the context, so that it needn't be guarded.
type builtin interface{ builtin() }

// AllowAll returns the policy that allows everything.
func AllowAll() Policy { return allowAll{} }

type allowAll struct{}

func (allowAll) OnEnqueue(context.Context, *Intent) error { return nil }
func (allowAll) Allows(context.Context, *Intent) bool     { return true }
func (allowAll) String() string                           { return "AllowAll" }
func (allowAll) builtin()                                 {}

// DropAll returns the policy that drops everything at flush. The intents can be inspected.
func DropAll() Policy { return dropAll{} }

type dropAll struct{}

func (dropAll) OnEnqueue(context.Context, *Intent) error { return nil }
func (dropAll) Allows(context.Context, *Intent) bool     { return false }
func (dropAll) String() string                           { return "DropAll" }
func (dropAll) builtin()                                 {}

// AssertNoEffects returns the policy that refuses every enqueue and every direct effect (see [Escape]).
func AssertNoEffects() Policy { return assertNoEffects{} }

type assertNoEffects struct{}

func (assertNoEffects) OnEnqueue(context.Context, *Intent) error            { return errNoEffects }
func (assertNoEffects) Allows(context.Context, *Intent) bool                { return false }
func (assertNoEffects) OnEscape(_ context.Context, kind, what string) error { return errNoEffects }
func (assertNoEffects) String() string                                      { return "AssertNoEffects" }
func (assertNoEffects) builtin()                                            {}

// BlockTasks returns the policy that drops the named tasks at flush. A name is that of [Intent.Name] in full, or a pattern
// of [path.Match] for what comes after its last slash, as in "shop.Order.*"; a pattern with a slash is for the whole name.
// An empty list, an empty name and a malformed pattern panic.
func BlockTasks(names ...string) Policy {
	return &blockTasks{newNames("airlock.BlockTasks", names)}
}

type blockTasks struct{ names }

func (*blockTasks) OnEnqueue(context.Context, *Intent) error   { return nil }
func (p *blockTasks) Allows(_ context.Context, i *Intent) bool { return !p.match(i.Name()) }
func (p *blockTasks) String() string                           { return fmt.Sprintf("BlockTasks(%v)", p.names) }
func (*blockTasks) builtin()                                   {}

// RejectTasks returns the policy that refuses the named tasks when they are enqueued. Names are as in [BlockTasks].
func RejectTasks(names ...string) Policy {
	return &rejectTasks{newNames("airlock.RejectTasks", names)}
}

type rejectTasks struct{ names }

func (p *rejectTasks) OnEnqueue(_ context.Context, i *Intent) error {
	if p.match(i.Name()) {
		return errBlocked
	}
	return nil
}
func (p *rejectTasks) Allows(_ context.Context, i *Intent) bool { return !p.match(i.Name()) }
func (p *rejectTasks) String() string                           { return fmt.Sprintf("RejectTasks(%v)", p.names) }
func (*rejectTasks) builtin()                                   {}

// AllowTasks returns the policy that drops all but the named tasks at flush. Names are as in [BlockTasks].
func AllowTasks(names ...string) Policy {
	return &allowTasks{newNames("airlock.AllowTasks", names)}
}

type allowTasks struct{ names }

func (*allowTasks) OnEnqueue(context.Context, *Intent) error   { return nil }
func (p *allowTasks) Allows(_ context.Context, i *Intent) bool { return p.match(i.Name()) }
func (p *allowTasks) String() string                           { return fmt.Sprintf("AllowTasks(%v)", p.names) }
func (*allowTasks) builtin()                                   {}

// LogOnFlush returns the policy that allows everything and logs, at level Info, each intent that is about to be dispatched:
// task, caller, origin, and the argument only if it is a [slog.LogValuer].
func LogOnFlush(l *slog.Logger) Policy {
	must(l != nil, "airlock.LogOnFlush", "nil Logger")
	return &logOnFlush{l}
}

type logOnFlush struct{ log *slog.Logger }

func (*logOnFlush) OnEnqueue(context.Context, *Intent) error { return nil }
func (*logOnFlush) Allows(context.Context, *Intent) bool     { return true }
func (p *logOnFlush) OnDispatch(ctx context.Context, i *Intent) {
	p.log.InfoContext(ctx, "airlock: dispatch", "intent", i)
}
func (*logOnFlush) String() string { return "LogOnFlush" }

// allOf is Policies. The chain of a context takes it apart; the methods are for those who ask it directly.
type allOf struct{ members []Policy }

func (p *allOf) OnEnqueue(ctx context.Context, i *Intent) error {
	for _, m := range p.members {
		if err := m.OnEnqueue(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

func (p *allOf) Allows(ctx context.Context, i *Intent) bool {
	for _, m := range p.members {
		if !m.Allows(ctx, i) {
			return false
		}
	}
	return true
}

func (p *allOf) OnDispatch(ctx context.Context, i *Intent) {
	for _, m := range p.members {
		if f, ok := m.(FlushPolicy); ok {
			f.OnDispatch(ctx, i)
		}
	}
}

func (p *allOf) OnEscape(ctx context.Context, kind, what string) error {
	for _, m := range p.members {
		if e, ok := m.(EscapePolicy); ok {
			if err := e.OnEscape(ctx, kind, what); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *allOf) String() string {
	s := "Policies("
	for k, m := range p.members {
		if k > 0 {
			s += ", "
		}
		s += describe(m)
	}
	return s + ")"
}
