// A WebAssembly library that evaluates Jsonnet and executes Go templates with the implementations that Ory's servers use.
//
// The host writes a request to the buffer that reserve returns and calls evaluate, which returns the size of the
// response at the address that response returns. Requests and responses are JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"unsafe"
)

const (
	// The collector works harder near this size. The host limits the memory of the module to 128 MiB.
	softMemoryLimit = 96 << 20
	// Source text that is nested too deep ends the module with a stack overflow.
	maxStackBytes = 16 << 20
	maxErrorBytes = 1 << 10
)

var input, output []byte

// Exactly one member is set.
type request struct {
	Jsonnet  *snippet `json:"jsonnet"`
	Template *message `json:"template"`
}

type response struct {
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
}

func init() {
	debug.SetMemoryLimit(softMemoryLimit)
	debug.SetMaxStack(maxStackBytes)
}

func main() {}

//go:wasmexport reserve
func reserve(size int32) unsafe.Pointer {
	input = make([]byte, max(size, 1))
	return unsafe.Pointer(&input[0])
}

//go:wasmexport evaluate
func evaluate() int32 {
	output = answer(input)
	input = nil
	return int32(len(output))
}

//go:wasmexport response
func responseAddress() unsafe.Pointer {
	return unsafe.Pointer(&output[0])
}

func answer(text []byte) []byte {
	result, err := run(text)
	reply := response{Output: result}
	if err != nil {
		reply = response{Error: shorten(err.Error())}
	}
	encoded, err := json.Marshal(reply)
	if err != nil {
		return []byte(`{"error":"the output is not text"}`)
	}
	return encoded
}

func run(text []byte) (string, error) {
	var asked request
	if err := json.Unmarshal(text, &asked); err != nil {
		return "", err
	}
	switch {
	case asked.Jsonnet != nil:
		return asked.Jsonnet.run()
	case asked.Template != nil:
		return asked.Template.run()
	}
	return "", errors.New("the request has no known kind")
}

func tooLarge(limit int) error {
	return fmt.Errorf("the output is larger than %d bytes", limit)
}

func shorten(message string) string {
	if len(message) > maxErrorBytes {
		return message[:maxErrorBytes]
	}
	return message
}
