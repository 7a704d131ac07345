package main

import "unsafe"

//go:wasmimport env hostcall_req_get_method
func getMethod(text *unsafe.Pointer, length *uint32, request int32)

//go:wasmimport env hostcall_req_get_path
func getPath(text *unsafe.Pointer, length *uint32, request int32)

//go:wasmimport env hostcall_req_get_body
func getBody(text *unsafe.Pointer, length *uint32, request int32)

//go:wasmimport env hostcall_resp_set_body
func setBody(response int32, text unsafe.Pointer, length uint32) int32

// The host allocates through these two. What it holds has to be reachable, or a collector takes it.
var held = map[unsafe.Pointer][]byte{}

//go:wasmexport malloc
func malloc(size uint32) unsafe.Pointer {
	memory := make([]byte, size)
	pointer := unsafe.Pointer(unsafe.SliceData(memory))
	held[pointer] = memory
	return pointer
}

//go:wasmexport free
func free(pointer unsafe.Pointer) {
	delete(held, pointer)
}

// An imported function is no value in TinyGo, hence one function for each.
func method() string {
	var text unsafe.Pointer
	var length uint32
	getMethod(&text, &length, 0)
	return unsafe.String((*byte)(text), length)
}

func path() string {
	var text unsafe.Pointer
	var length uint32
	getPath(&text, &length, 0)
	return unsafe.String((*byte)(text), length)
}

func body() string {
	var text unsafe.Pointer
	var length uint32
	getBody(&text, &length, 0)
	return unsafe.String((*byte)(text), length)
}

//go:wasmexport run
func run() {
	answer := []byte("TinyGo: " + method() + " " + path() + " " + body() + "\n")
	setBody(0, unsafe.Pointer(&answer[0]), uint32(len(answer)))
}

func main() {}
