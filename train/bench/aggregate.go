package bench

import (
	"reflect"
	"slices"
)

// aggregate combines the values of all rounds: each float64, in structs and slices at
// any depth, is f of the numbers in its place, and everything else is as in the first
// round. Slices must have the same length in all rounds.
func aggregate[V any](rounds []V, f func([]float64) float64) (all V) {
	values := make([]reflect.Value, len(rounds))
	for i := range rounds {
		values[i] = reflect.ValueOf(rounds[i])
	}
	aggregateInto(reflect.ValueOf(&all).Elem(), values, f)
	return all
}

func aggregateInto(to reflect.Value, rounds []reflect.Value, f func([]float64) float64) {
	part := func(to reflect.Value, of func(reflect.Value) reflect.Value) {
		parts := make([]reflect.Value, len(rounds))
		for i, r := range rounds {
			parts[i] = of(r)
		}
		aggregateInto(to, parts, f)
	}
	switch to.Kind() {
	case reflect.Float64:
		numbers := make([]float64, len(rounds))
		for i, r := range rounds {
			numbers[i] = r.Float()
		}
		to.SetFloat(f(numbers))
	case reflect.Struct:
		for i := range to.NumField() {
			part(to.Field(i), func(v reflect.Value) reflect.Value { return v.Field(i) })
		}
	case reflect.Slice:
		n := rounds[0].Len()
		to.Set(reflect.MakeSlice(to.Type(), n, n))
		for i := range n {
			part(to.Index(i), func(v reflect.Value) reflect.Value { return v.Index(i) })
		}
	default:
		to.Set(rounds[0])
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
