package airlock

import (
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// A taskName is the name of a task, and whether it means the same in every build.
type taskName struct {
	name   string
	stable bool
}

// codeOf returns the entry of a function's code.
func codeOf[A any](fn A) unsafe.Pointer {
	return **(**unsafe.Pointer)(unsafe.Pointer(&fn))
}

var functionNames sync.Map // of code pointers; as many entries as functions are enqueued

// nameOf returns the name of the function whose code is at entry. It is resolved when somebody asks, not when it is enqueued.
func nameOf(entry unsafe.Pointer) taskName {
	if n, ok := functionNames.Load(entry); ok {
		return n.(taskName)
	}
	n := taskName{name: "unknown"}
	if f := runtime.FuncForPC(uintptr(entry)); f != nil {
		n = parseName(f.Name())
		n.stable = n.stable && !isInterfaceMethod(entry, f.Name())
	}
	functionNames.Store(entry, n)
	return n
}

var closure = regexp.MustCompile(`\.func\d+(\.|-|$)|\.gowrap\d|\.deferwrap\d|-range\d`)

// parseName makes example.com/app/shop.Order.Notify of the linker's example.com/app/shop.(*Order).Notify-fm.
func parseName(symbol string) taskName {
	slash := strings.LastIndexByte(symbol, '/') + 1
	dot := slash + max(strings.IndexByte(symbol[slash:], '.'), 0)
	pkg, fn := symbol[:dot], symbol[dot:]
	method, bound := strings.CutSuffix(fn, "-fm")
	stable := !strings.Contains(fn, "[") && (bound || !closure.MatchString(strings.TrimPrefix(fn, ".")))
	if p, err := url.PathUnescape(pkg); err == nil {
		pkg = p // the linker escapes dots in the last element
	}
	return taskName{pkg + strings.NewReplacer("(*", "", ")", "").Replace(method), stable}
}
