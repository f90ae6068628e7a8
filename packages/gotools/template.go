package main

import (
	"fmt"
	htmltemplate "html/template"
	"io"
	"strings"
	"text/template"
	"text/template/parse"
	// The zones of dateInZone.
	_ "time/tzdata"

	"github.com/Masterminds/sprig/v3"
)

const maxTemplateOutputBytes = 1 << 20

// One part of a message: the template and the data that it is executed with.
type message struct {
	HTML bool `json:"html"`
	// The name of the file that is executed.
	Main string `json:"main"`
	// The files in the order in which they are parsed: later definitions replace earlier ones.
	Files  []file  `json:"files"`
	Fields []field `json:"fields"`
	Data   string  `json:"data"`
	// Whether the template is only parsed and checked.
	Parse bool `json:"parse"`
}

type file struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// What text/template and html/template have in common.
type executable interface {
	Execute(to io.Writer, data any) error
}

type parsedTemplate struct {
	executable
	// The syntax tree of a template by its name, nil if there is none.
	tree func(name string) *parse.Tree
	// Whether it can be escaped, which html/template determines without data. Nil for text.
	checkEscaping func() error
}

var templates = cache[parsedTemplate]{}

func (m message) run() (string, error) {
	texts := []string{fmt.Sprint(m.HTML), m.Main}
	for _, one := range m.Files {
		texts = append(texts, one.Name, one.Text)
	}
	parsed, err := templates.get(texts, m.parse)
	if err != nil {
		return "", err
	}
	if m.Parse {
		return "", m.check(parsed)
	}
	data, err := dataOf(m.Fields, m.Data)
	if err != nil {
		return "", err
	}
	var text limitedText
	err = parsed.Execute(&text, data)
	return text.String(), err
}

func (m message) parse() (parsedTemplate, error) {
	if m.HTML {
		return m.parseHTML()
	}
	root := template.New(m.Main).Funcs(functions(sprig.TxtFuncMap()))
	for _, one := range m.Files {
		if _, err := named(root, one.Name).Parse(one.Text); err != nil {
			return parsedTemplate{}, err
		}
	}
	tree := func(name string) *parse.Tree {
		if found := root.Lookup(name); found != nil {
			return found.Tree
		}
		return nil
	}
	return parsedTemplate{executable: root, tree: tree}, nil
}

func (m message) parseHTML() (parsedTemplate, error) {
	root := htmltemplate.New(m.Main).Funcs(functions(sprig.HtmlFuncMap()))
	for _, one := range m.Files {
		target := root
		if one.Name != m.Main {
			target = root.New(one.Name)
		}
		if _, err := target.Parse(one.Text); err != nil {
			return parsedTemplate{}, err
		}
	}
	// A template that mentions the other one is escaped together with it, and executes nothing.
	check, err := root.New("check of " + m.Main).Parse(fmt.Sprintf("{{if false}}{{template %q .}}{{end}}", m.Main))
	if err != nil {
		return parsedTemplate{}, err
	}
	trees := map[string]*parse.Tree{}
	for _, one := range root.Templates() {
		if one.Tree != nil {
			trees[one.Name()] = one.Tree.Copy()
		}
	}
	return parsedTemplate{
		executable:    root,
		tree:          func(name string) *parse.Tree { return trees[name] },
		checkEscaping: func() error { return check.Execute(io.Discard, nil) },
	}, nil
}

func named(root *template.Template, name string) *template.Template {
	if name == root.Name() {
		return root
	}
	return root.New(name)
}

// Without the functions of sprig that read the environment or the network.
func functions(all map[string]any) map[string]any {
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	return all
}

// What is wrong with the template whatever its data.
func (m message) check(parsed parsedTemplate) error {
	checker := checker{tree: parsed.tree, fields: map[string]bool{}, checked: map[string]bool{}}
	for _, one := range m.Fields {
		checker.fields[one.Name] = true
	}
	if parsed.tree(m.Main) == nil {
		return fmt.Errorf("template: %s: there is no text", m.Main)
	}
	if err := checker.checkTemplate(m.Main, true); err != nil {
		return err
	}
	if parsed.checkEscaping != nil {
		return parsed.checkEscaping()
	}
	return nil
}

// A text of limited size.
type limitedText struct{ strings.Builder }

func (t *limitedText) Write(bytes []byte) (int, error) {
	if t.Len()+len(bytes) > maxTemplateOutputBytes {
		return 0, tooLarge(maxTemplateOutputBytes)
	}
	return t.Builder.Write(bytes)
}
