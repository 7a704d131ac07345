package main

import (
	"fmt"
	"sync"
	"unsafe"
)

//go:wasmimport env hostcall_resp_set_body
func setBody(response int32, pointer unsafe.Pointer, length uint32) int32

//go:wasmexport run
func run() {
	var group sync.WaitGroup
	squares := make([]int, 5)
	for i := range squares {
		group.Add(1)
		go func() {
			defer group.Done()
			squares[i] = i * i
		}()
	}
	group.Wait()
	body := []byte(fmt.Sprint("Go ", squares))
	setBody(0, unsafe.Pointer(&body[0]), uint32(len(body)))
	fmt.Println("to the log")
}

func main() {}
