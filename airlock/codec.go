package airlock

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A Codec encodes arguments for queues. Both methods may be called concurrently.
type Codec interface {
	Encode(v any) ([]byte, error)
	Decode(data []byte, v any) error // v is a pointer to the argument
}

// JSON returns the codec of encoding/json. Its errors say where and what type, and don't quote the data, as those that they wrap do.
func JSON() Codec { return jsonCodec{} }

type jsonCodec struct{}

func (jsonCodec) Encode(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, &jsonError{err}
	}
	return data, nil
}

func (jsonCodec) Decode(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return &jsonError{err}
	}
	return nil
}

// A jsonError says what is wrong without a word of the data, which errors of encoding/json quote. // I18
type jsonError struct{ err error }

func (e *jsonError) Unwrap() error { return e.err }

func (e *jsonError) Error() string {
	switch err := e.err.(type) {
	case *json.UnsupportedTypeError:
		return err.Error()
	case *json.MarshalerError:
		return fmt.Sprintf("json: marshalling a %v failed with a %T", err.Type, err.Err)
	case *json.SyntaxError:
		return fmt.Sprintf("json: no valid JSON at offset %d", err.Offset)
	case *json.UnmarshalTypeError:
		kind, _, _ := strings.Cut(err.Value, " ") // "number 42"
		return fmt.Sprintf("json: cannot unmarshal a %s into a %v at offset %d, field %q", kind, err.Type, err.Offset, err.Field)
	}
	return fmt.Sprintf("json: %T", e.err)
}
