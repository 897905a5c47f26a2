package cifar

// opStop ends a pickle.
const opStop = '.'

// operations are those of protocol 2, in which CIFAR-10 was written by Python 2,
// and of the later protocols what Python 3 writes for the same values. Names and
// meanings are those of Python's pickletools.
var operations = [256]func(*unpickler){
	0x80: func(u *unpickler) { // PROTO
		if version := u.byte(); version > 5 {
			u.fail("protocol %d, expected 2 to 5", version)
		}
	},
	0x95: func(u *unpickler) { u.number(8) }, // FRAME, a hint for buffering

	'N':  func(u *unpickler) { u.push(nil) },                                              // NONE
	0x88: func(u *unpickler) { u.push(true) },                                             // NEWTRUE
	0x89: func(u *unpickler) { u.push(false) },                                            // NEWFALSE
	'J':  func(u *unpickler) { u.push(int(int32(u.number(4)))) },                          // BININT
	'K':  func(u *unpickler) { u.push(int(u.byte())) },                                    // BININT1
	'M':  func(u *unpickler) { u.push(int(u.number(2))) },                                 // BININT2
	0x8a: (*unpickler).longInt,                                                            // LONG1
	'U':  func(u *unpickler) { u.bytes(u.number(1)) },                                     // SHORT_BINSTRING
	'T':  func(u *unpickler) { u.bytes(u.number(4)) },                                     // BINSTRING
	'C':  func(u *unpickler) { u.bytes(u.number(1)) },                                     // SHORT_BINBYTES
	'B':  func(u *unpickler) { u.bytes(u.number(4)) },                                     // BINBYTES
	0x8e: func(u *unpickler) { u.bytes(u.number(8)) },                                     // BINBYTES8
	0x96: func(u *unpickler) { u.bytes(u.number(8)) },                                     // BYTEARRAY8
	'X':  func(u *unpickler) { u.characters(u.number(4)) },                                // BINUNICODE
	0x8c: func(u *unpickler) { u.characters(u.number(1)) },                                // SHORT_BINUNICODE
	0x8d: func(u *unpickler) { u.characters(u.number(8)) },                                // BINUNICODE8
	'}':  func(u *unpickler) { u.push(dict{}) },                                           // EMPTY_DICT
	's':  func(u *unpickler) { value := u.pop(); key := u.pop(); u.setItems(key, value) }, // SETITEM
	'u':  func(u *unpickler) { u.setItems(u.popMark()...) },                               // SETITEMS
	']':  func(u *unpickler) { u.push(&list{}) },                                          // EMPTY_LIST
	'a':  func(u *unpickler) { u.extend(u.pop()) },                                        // APPEND
	'e':  func(u *unpickler) { u.extend(u.popMark()...) },                                 // APPENDS
	'(':  func(u *unpickler) { u.marks = append(u.marks, len(u.stack)) },                  // MARK
	't':  func(u *unpickler) { u.push(tuple(u.popMark())) },                               // TUPLE
	')':  func(u *unpickler) { u.push(tuple{}) },                                          // EMPTY_TUPLE
	0x85: func(u *unpickler) { u.tuple(1) },                                               // TUPLE1
	0x86: func(u *unpickler) { u.tuple(2) },                                               // TUPLE2
	0x87: func(u *unpickler) { u.tuple(3) },                                               // TUPLE3

	'q':  func(u *unpickler) { u.put(uint32(u.byte())) },    // BINPUT
	'r':  func(u *unpickler) { u.put(uint32(u.number(4))) }, // LONG_BINPUT
	0x94: func(u *unpickler) { u.put(uint32(len(u.memo))) }, // MEMOIZE
	'h':  func(u *unpickler) { u.get(uint32(u.byte())) },    // BINGET
	'j':  func(u *unpickler) { u.get(uint32(u.number(4))) }, // LONG_BINGET

	'c':  func(u *unpickler) { module := u.line(); u.pushGlobal(module, u.line()) }, // GLOBAL
	0x93: (*unpickler).stackGlobal,                                                  // STACK_GLOBAL
	'R':  (*unpickler).reduce,                                                       // REDUCE
	'b':  (*unpickler).build,                                                        // BUILD
}

// longInt pushes an integer of a stated number of bytes, which Python 2 uses for sizes
// on some systems. None is negative here.
func (u *unpickler) longInt() {
	n := u.byte()
	if n > 7 {
		u.fail("a number of %d bytes", n)
		return
	}
	u.push(int(u.number(int(n))))
}

// tuple replaces the n values on top of the stack with a tuple of them.
func (u *unpickler) tuple(n int) {
	t := make(tuple, n)
	for i := n - 1; i >= 0; i-- {
		t[i] = u.pop()
	}
	u.push(t)
}

// extend appends values to the list on top of the stack.
func (u *unpickler) extend(values ...any) {
	top := u.pop()
	l, ok := top.(*list)
	if !ok {
		u.fail("appends to something that is not a list")
		return
	}
	l.items = append(l.items, values...)
	u.push(top)
}

// setItems puts keys and values, one after the other, into the dictionary on top
// of the stack.
func (u *unpickler) setItems(pairs ...any) {
	top := u.pop()
	d, ok := top.(dict)
	if !ok || len(pairs)%2 > 0 {
		u.fail("sets a key outside a dictionary, or without a value")
		return
	}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(text)
		if !ok {
			u.fail("a key that is not a string")
			return
		}
		d[key] = pairs[i+1]
	}
	u.push(top)
}

// stackGlobal takes the module and the name of a function from the stack.
func (u *unpickler) stackGlobal() {
	name, _ := u.pop().(text)
	module, _ := u.pop().(text)
	u.pushGlobal(string(module), string(name))
}

// functions are those used to pickle an array of bytes, each with what it returns for
// its arguments, nil if these are invalid.
var functions = map[global]func(args tuple) any{
	// The class that _reconstruct is given. It is called by nobody.
	"numpy.ndarray": func(tuple) any { return nil },
	// An array to be filled in by build.
	"numpy.core.multiarray._reconstruct": func(tuple) any { return &array{} },
	// The type of the elements by its name; build adds nothing to it.
	"numpy.dtype": func(args tuple) any {
		name, ok := args.at(0).(text)
		if !ok {
			return nil
		}
		return &dtype{name}
	},
	// An array from protocol 5 on: bytes, type, shape, order.
	"numpy.core.numeric._frombuffer": func(args tuple) any {
		kind, _ := args.at(1).(*dtype)
		shape, _ := args.at(2).(tuple)
		return &array{dtype: kind, shape: shape, columns: args.at(3) == text("F"), data: args.at(0)}
	},
	// Bytes that Python 3 wrote as characters for Python 2: they are bytes here.
	"_codecs.encode": func(args tuple) any { return args.at(0) },
}

// at returns element i, nil if there is none.
func (t tuple) at(i int) any {
	if i >= len(t) {
		return nil
	}
	return t[i]
}

// reduce replaces a function and its arguments with its value.
func (u *unpickler) reduce() {
	args, _ := u.pop().(tuple)
	g, _ := u.pop().(global)
	var value any
	if f := functions[g]; f != nil {
		value = f(args)
	}
	if value == nil {
		u.fail("calls %.80q in a way that no batch of CIFAR-10 does", string(g))
	}
	u.push(value)
}

// build fills in the array, or its type, below the state on top of the stack.
func (u *unpickler) build() {
	state, _ := u.pop().(tuple)
	top := u.pop()
	switch v := top.(type) {
	case *dtype: // byte order and alignment, of which a byte has none
	case *array: // version, shape, type, whether by columns, bytes
		v.shape, _ = state.at(1).(tuple)
		v.dtype, _ = state.at(2).(*dtype)
		v.columns = state.at(3) == true || state.at(3) == 1
		v.data = state.at(4)
	default:
		u.fail("gives a state to something without one")
	}
	u.push(top)
}
