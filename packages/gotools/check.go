package main

import (
	"fmt"
	"text/template/parse"
)

// Finds what no data can make work: fields that the data does not have, and templates that are not defined.
type checker struct {
	tree   func(name string) *parse.Tree
	fields map[string]bool
	// The templates that were checked, with and without the data itself as their dot.
	checked map[string]bool
	current *parse.Tree
}

// checkTemplate checks a template, which exists. isData says whether its dot is the data of the message.
func (c *checker) checkTemplate(name string, isData bool) error {
	key := fmt.Sprint(isData, name)
	if c.checked[key] {
		return nil
	}
	c.checked[key] = true
	inner := *c
	inner.current = c.tree(name)
	return inner.checkList(inner.current.Root, scope{dot: isData, dollar: isData})
}

// Whether the dot, and whether the variable $, is the data of the message.
type scope struct{ dot, dollar bool }

func (c *checker) checkList(list *parse.ListNode, in scope) error {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		if err := c.checkNode(node, in); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) checkNode(node parse.Node, in scope) error {
	switch node := node.(type) {
	case *parse.ActionNode:
		return c.checkPipe(node.Pipe, in)
	case *parse.IfNode:
		return c.checkBranch(&node.BranchNode, in, in)
	case *parse.RangeNode:
		return c.checkBranch(&node.BranchNode, in, scope{dollar: in.dollar})
	case *parse.WithNode:
		return c.checkBranch(&node.BranchNode, in, scope{dollar: in.dollar})
	case *parse.TemplateNode:
		return c.checkCall(node, in)
	}
	return nil
}

func (c *checker) checkBranch(node *parse.BranchNode, in, inBody scope) error {
	if err := c.checkPipe(node.Pipe, in); err != nil {
		return err
	}
	if err := c.checkList(node.List, inBody); err != nil {
		return err
	}
	return c.checkList(node.ElseList, in)
}

func (c *checker) checkCall(node *parse.TemplateNode, in scope) error {
	if c.tree(node.Name) == nil {
		return c.failure(node, fmt.Sprintf("no such template %q", node.Name))
	}
	if err := c.checkPipe(node.Pipe, in); err != nil {
		return err
	}
	return c.checkTemplate(node.Name, isDataItself(node.Pipe, in))
}

// Whether a pipeline is only the dot or $, and that is the data of the message.
func isDataItself(pipe *parse.PipeNode, in scope) bool {
	if pipe == nil || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return false
	}
	switch argument := pipe.Cmds[0].Args[0].(type) {
	case *parse.DotNode:
		return in.dot
	case *parse.VariableNode:
		return in.dollar && len(argument.Ident) == 1 && argument.Ident[0] == "$"
	}
	return false
}

func (c *checker) checkPipe(pipe *parse.PipeNode, in scope) error {
	if pipe == nil {
		return nil
	}
	for _, command := range pipe.Cmds {
		for _, argument := range command.Args {
			if err := c.checkArgument(argument, in); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) checkArgument(argument parse.Node, in scope) error {
	switch argument := argument.(type) {
	case *parse.PipeNode:
		return c.checkPipe(argument, in)
	case *parse.ChainNode:
		return c.checkArgument(argument.Node, in)
	case *parse.FieldNode:
		if in.dot && !c.fields[argument.Ident[0]] {
			return c.failure(argument, "messages of this kind have no field "+argument.Ident[0])
		}
	case *parse.VariableNode:
		if in.dollar && argument.Ident[0] == "$" && len(argument.Ident) > 1 && !c.fields[argument.Ident[1]] {
			return c.failure(argument, "messages of this kind have no field "+argument.Ident[1])
		}
	}
	return nil
}

func (c *checker) failure(node parse.Node, reason string) error {
	location, _ := c.current.ErrorContext(node)
	return fmt.Errorf("template: %s: %s", location, reason)
}
