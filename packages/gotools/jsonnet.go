package main

import (
	"errors"
	"io"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// As in Kratos.
const maxJsonnetOutputBytes = 512 << 10

type snippet struct {
	// The name in error messages.
	Name    string            `json:"name"`
	Text    string            `json:"text"`
	ExtCode map[string]string `json:"extCode"`
	TlaCode map[string]string `json:"tlaCode"`
	// Whether the snippet is only parsed; the output is its syntax tree.
	Parse bool `json:"parse"`
}

var programs = cache[ast.Node]{}

func (s snippet) run() (result string, err error) {
	vm := jsonnet.MakeVM()
	vm.Importer(noImports{})
	vm.SetTraceOut(io.Discard)
	program, err := programs.get([]string{s.Name, s.Text}, func() (ast.Node, error) {
		return jsonnet.SnippetToAST(s.Name, s.Text)
	})
	if err == nil && s.Parse {
		return syntaxText(program)
	}
	if err == nil {
		for name, code := range s.ExtCode {
			vm.ExtCode(name, code)
		}
		for name, code := range s.TlaCode {
			vm.TLACode(name, code)
		}
		result, err = vm.Evaluate(program)
	}
	if err == nil && len(result) > maxJsonnetOutputBytes {
		return "", tooLarge(maxJsonnetOutputBytes)
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

type noImports struct{}

func (noImports) Import(_, path string) (jsonnet.Contents, string, error) {
	return jsonnet.Contents{}, "", errors.New("imports are not allowed: " + path)
}
