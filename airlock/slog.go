package airlock

import (
	"context"
	"log/slog"
)

// SlogObserver returns an observer that logs: what was refused, came late, escaped, was lost or leaked as warnings, failures as
// errors, the rest at level Debug. Arguments are not logged, unless they are a [slog.LogValuer].
func SlogObserver(l *slog.Logger) Observer {
	must(l != nil, "airlock.SlogObserver", "nil Logger")
	o := slogObserver{l}
	return Observer{
		Enqueued:   o.intent(slog.LevelDebug, "airlock: enqueued"),
		Rejected:   o.intent(slog.LevelWarn, "airlock: refused"),
		Late:       o.intent(slog.LevelWarn, "airlock: enqueued on a closed scope"),
		Ran:        o.intent(slog.LevelDebug, "airlock: ran"),
		Lost:       o.intent(slog.LevelWarn, "airlock: committed, but discarded"),
		Dispatched: o.intent(slog.LevelDebug, "airlock: done"),
		Closed:     o.scope(slog.LevelDebug, "airlock: scope closed"),
		Leaked:     o.scope(slog.LevelWarn, "airlock: scope garbage collected open"),
		Escaped: func(ctx context.Context, e EscapeEvent) {
			attrs := []slog.Attr{slog.String("kind", e.Kind), slog.String("what", e.What)}
			o.log(ctx, slog.LevelWarn, "airlock: direct effect", e.Err, attrs)
		},
	}
}

type slogObserver struct{ l *slog.Logger }

// intent returns a function that logs an intent's event, at level Error if that is a failed run.
func (o slogObserver) intent(level slog.Level, msg string) func(context.Context, IntentEvent) {
	return func(ctx context.Context, e IntentEvent) {
		attrs := []slog.Attr{slog.Any("intent", e.Intent)} // I18
		if e.Outcome != OutcomePending {
			attrs = append(attrs, slog.String("outcome", e.Outcome.String()))
		}
		if e.Policy != nil {
			attrs = append(attrs, slog.String("policy", describe(e.Policy)))
		}
		if e.Duration > 0 {
			attrs = append(attrs, slog.Duration("duration", e.Duration))
		}
		if e.Err != nil && level < slog.LevelWarn {
			o.log(ctx, slog.LevelError, msg, e.Err, attrs)
			return
		}
		o.log(ctx, level, msg, e.Err, attrs)
	}
}

func (o slogObserver) scope(level slog.Level, msg string) func(context.Context, ScopeEvent) {
	return func(ctx context.Context, e ScopeEvent) {
		attrs := []slog.Attr{slog.String("state", e.State.String()), slog.Int("intents", e.Intents)}
		if e.Begun != "" {
			attrs = append(attrs, slog.String("begun", e.Begun))
		}
		if e.First != "" {
			attrs = append(attrs, slog.String("first", e.First))
		}
		o.log(ctx, level, msg, e.Err, attrs)
	}
}

func (o slogObserver) log(ctx context.Context, level slog.Level, msg string, err error, attrs []slog.Attr) {
	if err != nil {
		attrs = append(attrs, slog.Any("error", err))
	}
	o.l.LogAttrs(ctx, level, msg, attrs...)
}
