package values

import "context"

type step struct{ do func(context.Context) error }

// stepOf fills in a struct that a type parameter stands for.
func stepOf[T ~struct {
	do func(context.Context) error
}](do func(context.Context) error) T {
	return T{do: do}
}

func throughStep(ctx context.Context) error {
	s := stepOf[step](func(ctx context.Context) error { return ctx.Err() })
	return s.do(ctx) // in whatever scope the caller has
}
