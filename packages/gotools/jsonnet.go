package main

import (
	"crypto/sha256"
	"errors"
	"io"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

const (
	// As in Kratos.
	maxOutputBytes = 512 << 10
	maxErrorBytes  = 1 << 10
	maxPrograms    = 64
	maxCachedBytes = 64 << 10
)

type request struct {
	// The name of the snippet in error messages.
	Name    string            `json:"name"`
	Snippet string            `json:"snippet"`
	ExtCode map[string]string `json:"extCode"`
	TlaCode map[string]string `json:"tlaCode"`
	// Whether the snippet is only parsed.
	Parse bool `json:"parse"`
}

func (r request) run() (result string, err error) {
	vm := jsonnet.MakeVM()
	vm.Importer(noImports{})
	vm.SetTraceOut(io.Discard)
	program, err := programOf(r.Name, r.Snippet)
	if err == nil && r.Parse {
		return "", nil
	}
	if err == nil {
		for name, code := range r.ExtCode {
			vm.ExtCode(name, code)
		}
		for name, code := range r.TlaCode {
			vm.TLACode(name, code)
		}
		result, err = vm.Evaluate(program)
	}
	if err == nil {
		return result, nil
	}
	message, _, crashed := strings.Cut(err.Error(), "\n")
	if crashed && strings.HasPrefix(message, "(CRASH)") {
		return "", errors.New(message)
	}
	return "", errors.New(strings.TrimSpace(vm.ErrorFormatter.Format(err)))
}

// Parsed snippets by the hash of their text.
var programs = map[[sha256.Size]byte]ast.Node{}

func programOf(name, snippet string) (ast.Node, error) {
	key := sha256.Sum256([]byte(name + "\x00" + snippet))
	if known, ok := programs[key]; ok {
		return known, nil
	}
	program, err := jsonnet.SnippetToAST(name, snippet)
	if err != nil || len(snippet) > maxCachedBytes {
		return program, err
	}
	for other := range programs {
		if len(programs) < maxPrograms {
			break
		}
		delete(programs, other)
	}
	programs[key] = program
	return program, nil
}

type noImports struct{}

func (noImports) Import(_, path string) (jsonnet.Contents, string, error) {
	return jsonnet.Contents{}, "", errors.New("imports are not allowed: " + path)
}
