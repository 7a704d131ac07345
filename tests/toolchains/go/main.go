package main

import "unsafe"

//go:wasmimport env hostcall_req_get_method
func getMethod(text, length unsafe.Pointer, request int32)

//go:wasmimport env hostcall_req_get_path
func getPath(text, length unsafe.Pointer, request int32)

//go:wasmimport env hostcall_req_get_body
func getBody(text, length unsafe.Pointer, request int32)

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

// The host writes addresses of 32 bits, while pointers in Go's memory have 64.
func read(call func(text, length unsafe.Pointer, request int32)) string {
	var text, length uint32
	call(unsafe.Pointer(&text), unsafe.Pointer(&length), 0)
	for pointer, memory := range held {
		if uint32(uintptr(pointer)) == text {
			return string(memory[:length])
		}
	}
	return ""
}

//go:wasmexport run
func run() {
	answer := []byte("Go: " + read(getMethod) + " " + read(getPath) + " " + read(getBody) + "\n")
	setBody(0, unsafe.Pointer(&answer[0]), uint32(len(answer)))
}

func main() {}
