// Package require has what the fixtures use of testify's.
package require

type TestingT interface {
	Errorf(format string, args ...any)
	FailNow()
}

type Assertions struct{ t TestingT }

func New(t TestingT) *Assertions { return &Assertions{t} }

func Error(t TestingT, err error, msgAndArgs ...any)                    {}
func ErrorIs(t TestingT, err, target error, msgAndArgs ...any)          {}
func NoError(t TestingT, err error, msgAndArgs ...any)                  {}
func (a *Assertions) ErrorContains(err error, s string, rest ...any)    {}
func (a *Assertions) ErrorIsf(err, target error, f string, args ...any) {}

func ErrorAs(t TestingT, err error, target any, msgAndArgs ...any)     {}
func EqualError(t TestingT, err error, text string, msgAndArgs ...any) {}
func Errorf(t TestingT, err error, format string, args ...any)         {}
func (a *Assertions) NoErrorf(err error, format string, args ...any)   {}
func Equal(t TestingT, expected, actual any, msgAndArgs ...any)        {}
