package airlock

import (
	"encoding/binary"
	"runtime"
	"strings"
	"unsafe"
)

// isInterfaceMethod says whether the code at entry is the wrapper that the compiler makes for a method value of an interface.
// Its symbol, shop.Notifier.Notify-fm, looks like that of a method value of a struct, and only the latter's name means one
// function. The code tells them apart: the wrapper of a concrete method calls or inlines that method, that of an interface
// method calls through a register. Where the code can't be read the answer is yes: the careful one.
func isInterfaceMethod(entry unsafe.Pointer, symbol string) bool {
	method, bound := strings.CutSuffix(symbol, "-fm")
	if !bound || strings.Contains(symbol, "(*") {
		return false
	}
	if runtime.GOOS == "openbsd" { // code is not readable there
		return true
	}
	switch runtime.GOARCH {
	case "amd64":
		return !reaches(entry, method, 1, decodeAMD64)
	case "arm64":
		return !reaches(entry, method, 4, decodeARM64)
	}
	return true
}

// reaches says whether the function at entry calls or inlines the named one, or at least calls nothing that isn't known: an
// inlined method of few instructions leaves no other trace.
func reaches(entry unsafe.Pointer, method string, step uintptr, decode func(code unsafe.Pointer) (offset uintptr, call, indirect bool)) bool {
	unknown := false
	for off := uintptr(0); ; off += step {
		pc := uintptr(entry) + off
		f := runtime.FuncForPC(pc)
		if f == nil || f.Entry() != uintptr(entry) {
			return !unknown
		}
		if f.Name() == method {
			return true
		}
		offset, call, indirect := decode(unsafe.Add(entry, off))
		if t := runtime.FuncForPC(pc + offset); call && t != nil && t.Entry() == pc+offset && t.Name() == method {
			return true
		}
		unknown = unknown || indirect
	}
}

// decodeAMD64 knows CALL rel32 (E8) and CALL register (FF D0-D7). Instructions have no fixed length, so every byte is tried;
// what it takes for a direct call by mistake leads to no function's entry.
func decodeAMD64(code unsafe.Pointer) (offset uintptr, call, indirect bool) {
	b := unsafe.Slice((*byte)(code), 5)
	switch {
	case b[0] == 0xE8:
		return 5 + uintptr(int32(binary.LittleEndian.Uint32(b[1:]))), true, false
	case b[0] == 0xFF && b[1]&0xF8 == 0xD0:
		return 0, false, true
	}
	return 0, false, false
}

// decodeARM64 knows BL and BLR.
func decodeARM64(code unsafe.Pointer) (offset uintptr, call, indirect bool) {
	w := binary.LittleEndian.Uint32(unsafe.Slice((*byte)(code), 4))
	switch {
	case w>>26 == 0b100101:
		return uintptr(int32(w<<6) >> 4), true, false
	case w&0xFFFFFC1F == 0xD63F0000:
		return 0, false, true
	}
	return 0, false, false
}
