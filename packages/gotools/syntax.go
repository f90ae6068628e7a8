package main

import (
	"encoding/json"
	"strconv"

	"github.com/google/go-jsonnet/ast"
)

// A node of the syntax tree as JSON. Its member "kind" tells which other members it has.
type syntax map[string]any

// Nodes that are nested deeper are of the kind "other".
const maxSyntaxDepth = 100

// Converts nodes, and knows how deep the present one is.
type converter struct {
	depth int
}

var hideOf = map[ast.ObjectFieldHide]string{
	ast.ObjectFieldInherit: "inherit",
	ast.ObjectFieldHidden:  "hidden",
	ast.ObjectFieldVisible: "visible",
}

func syntaxText(program ast.Node) (string, error) {
	text, err := json.Marshal((&converter{}).node(program))
	return string(text), err
}

// A desugared program. What the host does not evaluate itself has the kind "other".
func (c *converter) node(node ast.Node) syntax {
	if c.depth == maxSyntaxDepth {
		return syntax{"kind": "other"}
	}
	c.depth++
	defer func() { c.depth-- }()
	switch node := node.(type) {
	case *ast.LiteralNull:
		return literal(nil)
	case *ast.LiteralBoolean:
		return literal(node.Value)
	case *ast.LiteralString:
		return literal(node.Value)
	case *ast.LiteralNumber:
		if value, err := strconv.ParseFloat(node.OriginalString, 64); err == nil {
			return literal(value)
		}
	case *ast.Array:
		return syntax{"kind": "array", "elements": c.list(node.Elements)}
	case *ast.DesugaredObject:
		return c.object(node)
	case *ast.Local:
		return syntax{"kind": "local", "binds": c.bindings(node.Binds), "body": c.node(node.Body)}
	case *ast.Var:
		return syntax{"kind": "variable", "name": node.Id}
	case *ast.Self:
		return syntax{"kind": "self"}
	case *ast.Index:
		return syntax{"kind": "index", "target": c.node(node.Target), "index": c.node(node.Index)}
	case *ast.Conditional:
		yes, no := c.node(node.BranchTrue), c.node(node.BranchFalse)
		return syntax{"kind": "conditional", "condition": c.node(node.Cond), "yes": yes, "no": no}
	case *ast.Binary:
		left, right := c.node(node.Left), c.node(node.Right)
		return syntax{"kind": "binary", "operator": node.Op.String(), "left": left, "right": right}
	case *ast.Unary:
		return syntax{"kind": "unary", "operator": node.Op.String(), "operand": c.node(node.Expr)}
	case *ast.Error:
		return syntax{"kind": "error", "message": c.node(node.Expr)}
	case *ast.Function:
		return c.function(node)
	case *ast.Apply:
		return c.call(node)
	}
	return syntax{"kind": "other"}
}

func literal(value any) syntax {
	return syntax{"kind": "literal", "value": value}
}

func (c *converter) object(node *ast.DesugaredObject) syntax {
	fields := []syntax{}
	for _, field := range node.Fields {
		if field.PlusSuper {
			return syntax{"kind": "other"}
		}
		name, body := c.node(field.Name), c.node(field.Body)
		fields = append(fields, syntax{"name": name, "body": body, "hide": hideOf[field.Hide]})
	}
	if len(node.Asserts) > 0 {
		return syntax{"kind": "other"}
	}
	return syntax{"kind": "object", "fields": fields, "locals": c.bindings(node.Locals)}
}

func (c *converter) function(node *ast.Function) syntax {
	parameters := []string{}
	for _, parameter := range node.Parameters {
		if parameter.DefaultArg != nil {
			return syntax{"kind": "other"}
		}
		parameters = append(parameters, string(parameter.Name))
	}
	return syntax{"kind": "function", "parameters": parameters, "body": c.node(node.Body)}
}

func (c *converter) call(node *ast.Apply) syntax {
	if node.TailStrict || len(node.Arguments.Named) > 0 {
		return syntax{"kind": "other"}
	}
	arguments := c.list(node.Arguments.Positional)
	return syntax{"kind": "call", "target": c.node(node.Target), "arguments": arguments}
}

func (c *converter) list(all []ast.CommaSeparatedExpr) []syntax {
	result := []syntax{}
	for _, one := range all {
		result = append(result, c.node(one.Expr))
	}
	return result
}

func (c *converter) bindings(binds ast.LocalBinds) []syntax {
	result := []syntax{}
	for _, bind := range binds {
		result = append(result, syntax{"name": bind.Variable, "body": c.node(bind.Body)})
	}
	return result
}
