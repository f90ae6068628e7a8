package main

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// A field of the data of a message: its name in Go, its name in JSON and its type.
type field struct {
	Name string `json:"name"`
	JSON string `json:"json"`
	Type string `json:"type"`
}

var typeOfField = map[string]reflect.Type{
	"string":  reflect.TypeFor[string](),
	"integer": reflect.TypeFor[int](),
	"object":  reflect.TypeFor[map[string]any](),
}

// The data as a pointer to a struct, because a template sees the fields of a struct differently than the keys of a map.
func dataOf(fields []field, document string) (any, error) {
	members := make([]reflect.StructField, 0, len(fields))
	for _, one := range fields {
		of, ok := typeOfField[one.Type]
		if !ok {
			return nil, fmt.Errorf("the field %s has the unknown type %s", one.Name, one.Type)
		}
		tag := reflect.StructTag(fmt.Sprintf("json:%q", one.JSON))
		members = append(members, reflect.StructField{Name: one.Name, Type: of, Tag: tag})
	}
	data := reflect.New(reflect.StructOf(members)).Interface()
	return data, json.Unmarshal([]byte(document), data)
}
